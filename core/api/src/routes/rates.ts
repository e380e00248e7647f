import { Type } from 'typebox'
import { RateAnswer } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'

const Code = Type.String({ pattern: '^[A-Z0-9]{2,10}$' })

/** What currencies cost in others. */
export const rateRoutes: CoreRoutes = {
  'GET /api/rates/:base/:quote': coreRoute(
    {
      summary:
        'What one unit of a currency costs in another, by every provider in the order they are asked',
      permission: 'payments.manage',
      within: 'list',
      params: Type.Object({ base: Code, quote: Code }),
      returns: Type.Array(RateAnswer),
    },
    async ({ params }, { domain }) => [...(await domain.rates.answers(params.base, params.quote))],
  ),
}

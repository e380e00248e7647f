import { Type, type TSchema } from 'typebox'
import { Id, type BulkReport } from '@bitcartcc/sdk/resources'
import type { CoreContext, CoreRoute, CoreRoutes } from './core-route.ts'
import { changeOf } from './http/audit.ts'
import { demandOf } from './permissions.ts'

/** What one request does with many: each for itself. */
export const manyWith = <T extends Readonly<Record<string, TSchema>>>(more: T) =>
  Type.Object(
    { ids: Type.Array(Id, { minItems: 1, maxItems: 100, uniqueItems: true }), ...more },
    { additionalProperties: false },
  )

/**
 * Does with each of many things what a route does with one: allowed for that very thing, in a transaction of its own, with
 * its hooks and events, and written down as that change. One that cannot be done holds up no other, and says why.
 */
export async function doEach(
  routes: CoreRoutes,
  key: string,
  { ids, body }: { readonly ids: readonly string[]; readonly body?: unknown },
  context: CoreContext,
): Promise<BulkReport> {
  const route = routes[key]
  if (!route) throw new Error(`there is no route ${key}`)
  const report: BulkReport = { done: [], failed: [] }
  for (const id of ids)
    try {
      await doOne(route, key, { id, body }, context)
      report.done.push(id)
    } catch (error) {
      report.failed.push({ id, problem: context.problemOf(error) })
    }
  return report
}

async function doOne(
  { shape, handle }: CoreRoute,
  key: string,
  { id, body }: { readonly id: string; readonly body: unknown },
  context: CoreContext,
): Promise<void> {
  const { domain, user, http } = context
  await demandOf(domain, user, shape, id)
  const change = changeOf(http.request, { key, permission: shape.permission }, user)
  const [, path = ''] = key.split(' ')
  await domain.asked(
    { change: change && { ...change, path: path.replace(':id', encodeURIComponent(id)) } },
    () => handle({ params: { id }, query: {}, body }, context),
  )
}

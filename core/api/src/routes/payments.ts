import { Type } from 'typebox'
import { Id, PaymentAccount, PaymentChoice } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { ById, MethodName, TypedValues } from './shapes.ts'

const OfMethod = Type.Object({ id: Id, method: MethodName })

/** How each store is paid. */
export const paymentRoutes: CoreRoutes = {
  'GET /api/payment-methods': coreRoute(
    {
      summary: 'How one can pay a store; the first one where none is named',
      permission: 'public',
      query: Type.Object({ storeId: Type.Optional(Id) }),
      returns: Type.Array(PaymentChoice),
    },
    async ({ query }, { domain }) => [...(await domain.paymentAccounts.offered(query.storeId))],
  ),
  'GET /api/stores/:id/payment-accounts': coreRoute(
    {
      summary: 'Every payment method, and what the store gave it; without secrets',
      permission: 'payments.manage',
      within: 'store',
      params: ById,
      returns: Type.Array(PaymentAccount),
    },
    async ({ params }, { domain }) => [...(await domain.paymentAccounts.list(params.id))],
  ),
  'POST /api/stores/:id/payment-accounts/:method/preview': coreRoute(
    {
      summary: 'Check an account and see what it leads to; nothing is stored',
      changesNothing: true,
      permission: 'payments.manage',
      within: 'store',
      params: OfMethod,
      body: Type.Object({ values: TypedValues }, { additionalProperties: false }),
      returns: Type.Array(Type.Object({ title: Type.String(), text: Type.String() })),
    },
    async ({ params, body }, { domain }) => [
      ...(await domain.paymentAccounts.preview(params.id, params.method, body.values)),
    ],
  ),
  'PUT /api/stores/:id/payment-accounts/:method': coreRoute(
    {
      summary: 'Say where the money goes, and whether buyers may choose it',
      permission: 'payments.manage',
      within: 'store',
      params: OfMethod,
      body: Type.Object(
        { values: Type.Optional(TypedValues), isEnabled: Type.Optional(Type.Boolean()) },
        { additionalProperties: false },
      ),
      returns: Type.Array(PaymentAccount),
    },
    async ({ params, body }, { domain }) => [
      ...(await domain.paymentAccounts.set(params.id, params.method, body)),
    ],
  ),
}

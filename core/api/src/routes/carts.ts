import { Type } from 'typebox'
import { Cart, CartNotes, Id, Invoice } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { ById, Email, MethodName } from './shapes.ts'

/** What a visitor is about to buy; the cart's unguessable id is the right to it. */
export const cartRoutes: CoreRoutes = {
  'POST /api/carts': coreRoute(
    {
      summary: 'Begin a cart',
      permission: 'public',
      isLimited: true,
      body: Type.Object({ storeId: Type.Optional(Id) }, { additionalProperties: false }),
      returns: Cart,
      status: 201,
    },
    async ({ body }, { domain }) => domain.carts.create(body.storeId),
  ),
  'GET /api/carts/:id': coreRoute(
    { summary: 'One cart', permission: 'public', params: ById, returns: Cart },
    async ({ params }, { domain }) => domain.carts.get(params.id),
  ),
  'PATCH /api/carts/:id': coreRoute(
    {
      summary: 'Note what plugins take from buyers; an order takes it along to its invoice',
      permission: 'public',
      params: ById,
      body: Type.Object({ metadata: CartNotes }, { additionalProperties: false }),
      returns: Cart,
    },
    async ({ params, body }, { domain }) => domain.carts.update(params.id, body),
  ),
  'PUT /api/carts/:id/items/:productId': coreRoute(
    {
      summary: 'Say how many of a product; 0 takes it out',
      permission: 'public',
      params: Type.Object({ id: Id, productId: Id }),
      body: Type.Object(
        { quantity: Type.Integer({ minimum: 0, maximum: 1_000_000 }) },
        { additionalProperties: false },
      ),
      returns: Cart,
    },
    async ({ params, body }, { domain }) =>
      domain.carts.setItem(params.id, params.productId, body.quantity),
  ),
  'POST /api/carts/:id/checkout': coreRoute(
    {
      summary: 'Order: makes the invoice and reserves the stock',
      permission: 'public',
      isLimited: true,
      params: ById,
      body: Type.Object(
        { email: Type.Optional(Email), method: Type.Optional(MethodName) },
        { additionalProperties: false },
      ),
      returns: Invoice,
      status: 201,
    },
    async ({ params, body }, { domain }) => domain.carts.checkout(params.id, body),
  ),
}

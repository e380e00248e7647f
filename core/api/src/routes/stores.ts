import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { CheckoutFacts, Currency, MetadataInput, Store, type User } from '@bitcartcc/sdk/resources'
import { storesWith } from '@bitcartcc/sdk/rights'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { demandAnywhere } from '../permissions.ts'
import { ById, metadataFilter } from './shapes.ts'

const name = Type.String({ minLength: 1, maxLength: 120 })
const description = Type.Optional(Type.String({ maxLength: 2000 }))

const metadata = Type.Optional(MetadataInput)
/** The stores whose metadata somebody sees. */
const desk = (user: User | null) => (user ? storesWith(user, 'stores.manage') : [])

/** The merchant's shops. */
export const storeRoutes: CoreRoutes = {
  'GET /api/stores': coreRoute(
    {
      summary:
        'All stores, oldest first; with `metadata`, those that one may change and of which it is noted',
      permission: 'public',
      query: Type.Object({ metadata: metadataFilter }),
      returns: Type.Array(Store),
    },
    async ({ query }, { domain, user }) => {
      if (query.metadata) demandAnywhere(user, 'stores.manage')
      return [...(await domain.stores.list(desk(user), query.metadata))]
    },
  ),
  'GET /api/stores/:id': coreRoute(
    { summary: 'One store', permission: 'public', params: ById, returns: Store },
    async ({ params }, { domain, user }) => domain.stores.get(params.id, desk(user)),
  ),
  'GET /api/stores/:id/checkout': coreRoute(
    {
      summary: 'What the checkout of a store asks for, and says',
      permission: 'public',
      params: ById,
      returns: CheckoutFacts,
    },
    async ({ params }, { domain }) => domain.stores.checkout(params.id),
  ),
  'GET /api/theme.css': coreRoute(
    {
      summary: 'The colours of a store, of the first where none is named, as a style sheet',
      permission: 'public',
      query: Type.Object({ storeId: Type.Optional(Type.String({ maxLength: 64 })) }),
    },
    async ({ query }, { domain, http: { request, reply } }) => {
      const css = await domain.stores.themeCss(query.storeId)
      const etag = `"${createHash('sha256').update(css).digest('base64url').slice(0, 22)}"`
      reply
        .header('content-type', 'text/css; charset=utf-8')
        .header('cache-control', 'no-cache')
        .header('etag', etag)
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(css)
    },
  ),
  'PUT /api/stores/:id/logo': coreRoute(
    {
      summary: 'Set the mark of a store: PNG, JPEG, WebP or GIF, at most 5 MB',
      permission: 'stores.manage',
      within: 'store',
      params: ById,
      raw: true,
      bodyLimitBytes: 5_000_000,
      returns: Store,
    },
    async ({ params, body }, { domain }) => domain.stores.setLogo(params.id, body),
  ),
  'DELETE /api/stores/:id/logo': coreRoute(
    {
      summary: 'Take the mark away',
      permission: 'stores.manage',
      within: 'store',
      params: ById,
      returns: Store,
    },
    async ({ params }, { domain }) => domain.stores.removeLogo(params.id),
  ),
  'POST /api/stores': coreRoute(
    {
      summary: 'Add a store',
      permission: 'stores.manage',
      body: Type.Object(
        { name, description, currency: Currency, metadata },
        { additionalProperties: false },
      ),
      returns: Store,
      status: 201,
    },
    async ({ body }, { domain, user }) => domain.stores.create({ ...body, ownerId: user?.id }),
  ),
  'PATCH /api/stores/:id': coreRoute(
    {
      summary: 'Change a store',
      permission: 'stores.manage',
      within: 'store',
      params: ById,
      body: Type.Object(
        { name: Type.Optional(name), description, currency: Type.Optional(Currency), metadata },
        { additionalProperties: false },
      ),
      returns: Store,
    },
    async ({ params, body }, { domain }) => domain.stores.update(params.id, body),
  ),
}

import { Type } from 'typebox'
import { Currency, MetadataInput, Store, type User } from '@bitcartcc/sdk/resources'
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

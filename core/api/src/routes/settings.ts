import { Type } from 'typebox'
import { Distribution, SettingRow } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { ById } from './shapes.ts'

const named = { plugin: Type.String(), key: Type.String() }
const body = Type.Object(
  {
    value: Type.Union([
      Type.String({ maxLength: 10_000 }),
      Type.Number(),
      Type.Boolean(),
      Type.Null(),
    ]),
  },
  { additionalProperties: false },
)
const returns = Type.Array(SettingRow)

/** Settings of core and plugins: for the whole shop, of each store, of each user; and what this distribution is made of. */
export const settingRoutes: CoreRoutes = {
  'GET /api/settings': coreRoute(
    {
      summary: 'Every setting, without secrets',
      permission: 'settings.manage',
      returns,
    },
    async (_, { domain }) => [...(await domain.settings.list())],
  ),
  'PUT /api/settings/:plugin/:key': coreRoute(
    {
      summary: 'Change a setting; null puts it back',
      permission: 'settings.manage',
      params: Type.Object(named),
      body,
      returns,
    },
    async ({ params, body }, { domain }) => [
      ...(await domain.settings.set(params.plugin, params.key, body.value)),
    ],
  ),
  'GET /api/stores/:id/settings': coreRoute(
    {
      summary: 'What a store sets for itself, without secrets',
      permission: 'stores.configure',
      within: 'store',
      params: ById,
      returns,
    },
    async ({ params }, { domain }) => [...(await domain.settings.listOfStore(params.id))],
  ),
  'PUT /api/stores/:id/settings/:plugin/:key': coreRoute(
    {
      summary: 'Change a setting of a store; null goes back to what holds for all stores',
      permission: 'stores.configure',
      within: 'store',
      params: Type.Object({ ...ById.properties, ...named }),
      body,
      returns,
    },
    async ({ params: { id, plugin, key }, body: { value } }, { domain }) => [
      ...(await domain.settings.setOfStore(id, plugin, key, value)),
    ],
  ),
  'GET /api/profile/settings': coreRoute(
    { summary: 'What one sets for oneself, without secrets', permission: 'user', returns },
    async (_, { domain, user }) => [...(await domain.settings.listOfUser(user?.id ?? ''))],
  ),
  'PUT /api/profile/settings/:plugin/:key': coreRoute(
    {
      summary: 'Change a setting of one’s own; null goes back to what holds for all users',
      permission: 'user',
      params: Type.Object(named),
      body,
      returns,
    },
    async ({ params: { plugin, key }, body: { value } }, { domain, user }) => [
      ...(await domain.settings.setOfUser(user?.id ?? '', plugin, key, value)),
    ],
  ),
  'GET /api/distribution': coreRoute(
    { summary: 'What this distribution is made of', permission: 'public', returns: Distribution },
    async (_, { distribution }) => distribution,
  ),
}

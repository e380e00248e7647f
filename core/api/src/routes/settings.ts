import { Type } from 'typebox'
import { Distribution, SettingRow } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'

/** Settings of core and plugins, and what this distribution is made of. */
export const settingRoutes: CoreRoutes = {
  'GET /api/settings': coreRoute(
    {
      summary: 'Every setting, without secrets',
      permission: 'settings.manage',
      returns: Type.Array(SettingRow),
    },
    async (_, { domain }) => [...(await domain.settings.list())],
  ),
  'PUT /api/settings/:plugin/:key': coreRoute(
    {
      summary: 'Change a setting; null puts it back',
      permission: 'settings.manage',
      params: Type.Object({ plugin: Type.String(), key: Type.String() }),
      body: Type.Object(
        {
          value: Type.Union([
            Type.String({ maxLength: 10_000 }),
            Type.Number(),
            Type.Boolean(),
            Type.Null(),
          ]),
        },
        { additionalProperties: false },
      ),
      returns: Type.Array(SettingRow),
    },
    async ({ params, body }, { domain }) => [
      ...(await domain.settings.set(params.plugin, params.key, body.value)),
    ],
  ),
  'GET /api/distribution': coreRoute(
    { summary: 'What this distribution is made of', permission: 'public', returns: Distribution },
    async (_, { distribution }) => distribution,
  ),
}

import { Type } from '@bitcartcc/sdk/server'
import { route, routes } from '../plugin.gen.ts'

export default routes({
  'GET /explorer': route(
    {
      permission: 'user',
      returns: Type.Object({ url: Type.String() }),
      summary: 'Gives the address of the block explorer; empty where there is none.',
    },
    async (_, { settings }) => ({ url: settings.explorer }),
  ),
})

// Made by compose from plugin.yaml and the rehearsed migrations. Edits are lost.
import { bind } from '@bitcartcc/sdk/server'

export interface Rates {
  name: 'rates'
  permission: never
  settings: { coingeckoUrl: string; coingeckoKey: string | undefined; krakenUrl: string }
  storeSettings: {}
  userSettings: {}
  jobs: {}
  emits: {}
  consumes: {}
  templates: {}
  metadata: {}
  tables: {}
}

export const {
  route,
  routes,
  job,
  listener,
  paymentMethod,
  rateProvider,
  notifyChannel,
  command,
  hook,
} = bind<Rates>()

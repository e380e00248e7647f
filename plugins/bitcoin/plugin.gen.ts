// Made by compose from plugin.yaml and the rehearsed migrations. Edits are lost.
import { bind } from '@bitcartcc/sdk/server'

export interface Bitcoin {
  name: 'bitcoin'
  permission: never
  settings: { explorer: string }
  storeSettings: {}
  userSettings: {}
  jobs: {}
  emits: {}
  consumes: {}
  templates: {}
  metadata: {}
  tables: { next_indexes: { key: string; next_index: number } }
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
} = bind<Bitcoin>()

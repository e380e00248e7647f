// Made by compose from plugin.yaml and the rehearsed migrations. Edits are lost.
import { bind } from '@bitcartcc/sdk/server'

export interface GiftMessage {
  name: 'gift-message'
  permission: never
  settings: {}
  storeSettings: {}
  userSettings: {}
  jobs: {}
  emits: {}
  consumes: {}
  templates: {}
  metadata: { cart: { message: string } }
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
} = bind<GiftMessage>()

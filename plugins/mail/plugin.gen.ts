// Made by compose from plugin.yaml and the rehearsed migrations. Edits are lost.
import { bind } from '@bitcartcc/sdk/server'

export interface Mail {
  name: 'mail'
  permission: never
  settings: {
    host: string | undefined
    port: number
    security: 'starttls' | 'tls' | 'none'
    user: string | undefined
    password: string | undefined
    from: string | undefined
  }
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
} = bind<Mail>()

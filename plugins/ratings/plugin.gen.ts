// Made by compose from plugin.yaml and the rehearsed migrations. Edits are lost.
import { bind, type Generated } from '@bitcartcc/sdk/server'

export interface Ratings {
  name: 'ratings'
  permission: 'ratings.view' | 'ratings.manage'
  settings: {}
  storeSettings: { minimum: number }
  userSettings: {}
  jobs: { recount: Record<string, never> }
  emits: { voted: { productId: string; stars: number } }
  consumes: {}
  templates: { thanks: { title: string } }
  metadata: {}
  tables: {
    invitations: {
      invoice_id: string
      product_id: string
      text: string
      created_at: Generated<Date>
    }
    tallies: { product_id: string; stars: number; count: number }
    votes: {
      id: Generated<string>
      product_id: string
      visitor: string
      stars: number
      comment: Generated<string>
      created_at: Generated<Date>
      updated_at: Generated<Date>
    }
  }
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
} = bind<Ratings>()

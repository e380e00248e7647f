// Made by compose from plugin.yaml and the rehearsed migrations. Edits are lost.
import { bind, type Generated } from '@bitcartcc/sdk/server'

export interface BatchImport {
  name: 'batch-import'
  permission: never
  settings: {}
  storeSettings: {}
  userSettings: { refusedRows: 'good-rows' | 'all-or-nothing' }
  jobs: { import: { importId: string } }
  emits: {}
  consumes: {}
  templates: {}
  metadata: { product: { import: string } }
  tables: {
    imports: {
      id: Generated<string>
      file_name: string
      store_id: string
      mode: string
      state: Generated<string>
      content: string | null
      total_rows: Generated<number>
      checked_rows: Generated<number>
      imported_rows: Generated<number>
      refused_rows: Generated<number>
      header: Generated<string>
      message: Generated<string>
      created_by: string
      created_at: Generated<Date>
      import_started_at: Date | null
      ended_at: Date | null
    }
    refused_rows: { import_id: string; line: number; reason: string; text: string }
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
} = bind<BatchImport>()

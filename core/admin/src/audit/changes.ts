import { english } from '@bitcartcc/sdk/vue'
import { t } from '../app/texts.ts'

/** What people call the operations of core that the list of changes names by method and path. */
export const changes: Readonly<Record<string, string>> = {
  'POST /api/users': english('Added a user'),
  'PATCH /api/users/:id': english('Changed a user'),
  'DELETE /api/users/:id': english('Removed a user'),
  'POST /api/tokens': english('Made an API token'),
  'DELETE /api/tokens/:id': english('Revoked an API token'),
  'POST /api/stores': english('Added a store'),
  'PATCH /api/stores/:id': english('Changed a store'),
  'PUT /api/stores/:id/logo': english('Set the mark of a store'),
  'DELETE /api/stores/:id/logo': english('Took the mark of a store away'),
  'POST /api/stores/:id/members': english('Added a member to a store'),
  'PATCH /api/stores/:id/members/:userId': english('Changed the role of a member'),
  'DELETE /api/stores/:id/members/:userId': english('Took a member out of a store'),
  'POST /api/products': english('Added a product'),
  'PATCH /api/products/:id': english('Changed a product'),
  'DELETE /api/products/:id': english('Deleted a product'),
  'PUT /api/products/:id/image': english('Set the picture of a product'),
  'DELETE /api/products/:id/image': english('Took the picture of a product away'),
  'PATCH /api/invoices/:id': english('Noted something about an invoice'),
  'POST /api/invoices/:id/mark-paid': english('Marked an invoice as paid'),
  'POST /api/invoices/:id/invalidate': english('Marked an invoice as invalid'),
  'POST /api/invoices/:id/refund': english('Marked an invoice as refunded'),
  'PUT /api/stores/:id/payment-accounts/:method': english('Changed a payment account'),
  'POST /api/stores/:id/webhooks': english('Added a webhook'),
  'PATCH /api/webhooks/:id': english('Changed a webhook'),
  'DELETE /api/webhooks/:id': english('Deleted a webhook'),
  'POST /api/webhook-deliveries/:id/redeliver': english('Sent a message of a webhook again'),
  'POST /api/stores/:id/notices': english('Had somebody told'),
  'POST /api/stores/:id/notices/test': english('Sent a test message'),
  'PATCH /api/notices/:id': english('Changed who is told'),
  'DELETE /api/notices/:id': english('Had somebody told no more'),
  'POST /api/notice-messages/:id/resend': english('Sent a message again'),
  'PUT /api/stores/:id/texts/:plugin/:name': english('Changed a text of a store'),
  'PUT /api/settings/:plugin/:key': english('Changed a setting'),
  'PUT /api/stores/:id/settings/:plugin/:key': english('Changed a setting of a store'),
  'PUT /api/profile/settings/:plugin/:key': english('Changed a setting of their own'),
  'POST /api/jobs/run-again': english('Ran parked jobs again'),
  'POST /api/jobs/:id/run-again': english('Ran a parked job again'),
  'DELETE /api/jobs/:id': english('Forgot a parked job'),
}

/** Words for an operation; undefined for one of a plugin, which is told by its path alone. */
export function wordsOf(action: string): string | undefined {
  const words = changes[action]
  return words === undefined ? undefined : t(words)
}

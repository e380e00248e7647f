import { english } from '@bitcartcc/sdk/vue'
import { t } from './texts.ts'

/** What people call the states and kinds that the API names by a code. */
const words: Readonly<Record<string, string>> = {
  // of an invoice
  pending: english('Pending'),
  paid: english('Paid'),
  confirmed: english('Confirmed'),
  complete: english('Complete'),
  expired: english('Expired'),
  invalid: english('Invalid'),
  refunded: english('Refunded'),
  // of a payment
  seen: english('Seen'),
  settled: english('Settled'),
  failed: english('Failed'),
  // of a job
  waiting: english('Waiting'),
  running: english('Running'),
  parked: english('Parked'),
  done: english('Done'),
  // of a message
  delivered: english('Delivered'),
  // of a product
  active: english('Active'),
  hidden: english('Hidden'),
  // of a plugin
  backend: english('Backend'),
  UI: english('UI'),
  service: english('Service'),
  mixed: english('Mixed'),
}

/** Words a state or a kind; a code that has no words is shown as it is. */
export const wordOf = (code: string): string => t(words[code] ?? code)

import { english } from '@bitcartcc/sdk/vue'
import { t } from '../app/texts.ts'

/** What an event is called by people. */
const words: Readonly<Record<string, string>> = {
  'invoice.created': english('Invoice made'),
  'invoice.paid': english('Invoice paid'),
  'invoice.confirmed': english('Invoice confirmed'),
  'invoice.complete': english('Invoice complete'),
  'invoice.expired': english('Invoice expired'),
  'invoice.invalid': english('Invoice invalid'),
  'invoice.refunded': english('Invoice refunded'),
  'invoice.exception': english('Paid in part, too much or too late'),
  'product.low': english('Stock is low'),
}
export const wordsOf = (event: string): string => t(words[event] ?? event)

/** What an event is called by people. */
const words: Readonly<Record<string, string>> = {
  'invoice.created': 'Invoice made',
  'invoice.paid': 'Invoice paid',
  'invoice.confirmed': 'Invoice confirmed',
  'invoice.complete': 'Invoice complete',
  'invoice.expired': 'Invoice expired',
  'invoice.invalid': 'Invoice invalid',
  'invoice.refunded': 'Invoice refunded',
  'invoice.exception': 'Paid in part, too much or too late',
  'product.low': 'Stock is low',
}
export const wordsOf = (event: string): string => words[event] ?? event

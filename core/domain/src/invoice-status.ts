import type { CoreEvents } from '@bitcartcc/sdk/server'
import type { InvoiceStatus } from '@bitcartcc/sdk/resources'

/** Which state may follow which. What is not here does not happen. */
export const nextStatuses = {
  pending: ['paid', 'expired', 'invalid'],
  paid: ['confirmed', 'invalid', 'refunded'],
  confirmed: ['complete', 'invalid', 'refunded'],
  complete: ['refunded'],
  expired: [],
  invalid: [],
  refunded: [],
} as const satisfies Record<InvoiceStatus, readonly InvoiceStatus[]>

/** States whose goods go back on the shelf. */
export const releasesStock: ReadonlySet<InvoiceStatus> = new Set(['expired', 'invalid'])

/** The event that tells of each state. */
export const eventOf = {
  pending: 'invoice.created',
  paid: 'invoice.paid',
  confirmed: 'invoice.confirmed',
  complete: 'invoice.complete',
  expired: 'invoice.expired',
  invalid: 'invoice.invalid',
  refunded: 'invoice.refunded',
} as const satisfies Record<InvoiceStatus, keyof CoreEvents>

/** Says whether the machine has this step. */
export const mayFollow = (from: InvoiceStatus, to: InvoiceStatus) =>
  (nextStatuses[from] as readonly InvoiceStatus[]).includes(to) // wider than the literal

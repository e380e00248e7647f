import type { CoreEvents } from '@bitcartcc/sdk/server'
import type { ExceptionStatus, InvoiceStatus } from '@bitcartcc/sdk/resources'
import {
  excess,
  isCovered,
  remaining,
  type PaymentStatus,
  type ReceivedPayment,
} from './received.ts'

/** Which state may follow which. What is not here does not happen. */
export const nextStatuses = {
  pending: ['paid', 'expired', 'invalid'],
  paid: ['confirmed', 'invalid', 'refunded'],
  confirmed: ['complete', 'invalid', 'refunded'],
  complete: ['refunded'],
  // Money that came too late: the merchant takes it, or gives it back.
  expired: ['paid', 'refunded'],
  invalid: ['paid', 'refunded'],
  refunded: [],
} as const satisfies Record<InvoiceStatus, readonly InvoiceStatus[]>

/** States whose goods go back on the shelf. */
export const releasesStock: ReadonlySet<InvoiceStatus> = new Set(['expired', 'invalid'])

/** States in which a payment comes too late to count by itself. */
export const isTooLate: ReadonlySet<InvoiceStatus> = new Set(['expired', 'invalid', 'refunded'])

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

/** Says whether the machine has this step; out of `expired` and `invalid` only money leads. */
export const mayFollow = (from: InvoiceStatus, to: InvoiceStatus, hasMoney: boolean) =>
  (nextStatuses[from] as readonly InvoiceStatus[]).includes(to) && // wider than the literal
  (hasMoney || !isTooLate.has(from))

interface Owed {
  readonly status: InvoiceStatus
  readonly amount: string
  readonly currency: string
  /** What counts as paid: the amount, or less where some may be missing. */
  readonly least: string
}
const waysUp: readonly InvoiceStatus[] = ['pending', 'paid', 'confirmed', 'complete']
const counted = {
  paid: new Set<PaymentStatus>(['seen', 'confirmed', 'settled']),
  confirmed: new Set<PaymentStatus>(['confirmed', 'settled']),
  complete: new Set<PaymentStatus>(['settled']),
} as const

/**
 * Where its payments take an invoice: the states it goes through, in order, and what is unusual about what was paid.
 *
 * It never goes back, but for a payment that failed: what was paid with it, and is not complete, becomes invalid.
 */
export function stepsAfter(
  { status, amount, currency, least }: Owed,
  payments: readonly ReceivedPayment[],
): { readonly steps: readonly InvoiceStatus[]; readonly exception: ExceptionStatus } {
  const countedIn = (state: keyof typeof counted) =>
    payments.filter((payment) => counted[state].has(payment.status))
  const goal = (['complete', 'confirmed', 'paid'] as const).find((state) =>
    isCovered(countedIn(state), amount, least),
  )
  const live = countedIn('paid')
  const hasFailed = live.length < payments.length
  const steps = stepsTo(status, goal)
  const exception = (): ExceptionStatus => {
    if (goal === undefined && hasFailed && status !== 'pending' && status !== 'expired')
      return 'failed_confirm'
    if (live.length === 0) return 'none'
    if (live.some((payment) => payment.isLate)) return 'paid_late'
    if (goal === undefined) return 'paid_partial'
    if (excess(live, amount, currency).gt(0)) return 'paid_over'
    return remaining(live, amount, currency).gt(0) ? 'paid_under' : 'none'
  }
  return { steps, exception: exception() }
}

function stepsTo(
  status: InvoiceStatus,
  goal: 'paid' | 'confirmed' | 'complete' | undefined,
): readonly InvoiceStatus[] {
  if (goal === undefined) return status === 'paid' || status === 'confirmed' ? ['invalid'] : []
  const at = waysUp.indexOf(status)
  return at === -1 ? [] : waysUp.slice(at + 1, waysUp.indexOf(goal) + 1)
}

import Big from 'big.js'
import { digitsOf } from './money.ts'

/** One payment as far as the status of its invoice depends on it. Amounts are exact decimal texts. */
export interface ReceivedPayment {
  readonly method: string
  readonly amount: string
  /** What the whole invoice costs in the currency of this payment. */
  readonly due: string
  readonly status: PaymentStatus
  readonly isLate: boolean
}

/** `seen`: it may still be lost; `confirmed`: at least once; `settled`: as often as asked for; `failed`: it will never come. */
export type PaymentStatus = 'seen' | 'confirmed' | 'settled' | 'failed'

/** Digits that a repeating fraction is cut at; every amount we store has fewer. */
const digits = 18
const Exact = Big()
Exact.DP = 40
Exact.RM = Exact.roundHalfUp

/** The part of the invoice that payments come to, 1 being all of it: each method's sum over what that method asked for. */
function shareOf(payments: readonly ReceivedPayment[]): Big {
  const methods = Map.groupBy(payments, ({ method, due }) => `${method} ${due}`)
  return [...methods.values()].reduce((total, [first, ...more]) => {
    if (!first || new Exact(first.due).eq(0)) return total
    const paid = more.reduce((sum, each) => sum.plus(each.amount), new Exact(first.amount))
    return total.plus(paid.div(first.due))
  }, new Exact(0))
}

/** What payments come to in the currency of their invoice. */
export const valueOf = (payments: readonly ReceivedPayment[], invoiceAmount: string): Big =>
  shareOf(payments).times(invoiceAmount).round(digits, Exact.roundHalfUp)

/** The least that pays an invoice of which so many percent may be missing; exact, below the smallest unit of its currency too. */
export const leastOf = (invoiceAmount: string, underpaidPercent: string): string =>
  new Exact(100).minus(underpaidPercent).times(invoiceAmount).div(100).toFixed()

/** Says whether payments come to at least so much of the amount; an invoice over nothing still waits for somebody to say so. */
export const isCovered = (
  payments: readonly ReceivedPayment[],
  invoiceAmount: string,
  least: string,
): boolean => payments.length > 0 && valueOf(payments, invoiceAmount).gte(least)

/** What exceeds the amount, rounded down to the smallest unit of the currency; nothing where it does not. */
export function excess(
  payments: readonly ReceivedPayment[],
  invoiceAmount: string,
  currency: string,
): Big {
  const over = valueOf(payments, invoiceAmount).minus(invoiceAmount)
  return over.lt(0) ? new Exact(0) : over.round(digitsOf(currency), Exact.roundDown)
}

/** What is still to be paid, rounded up to the smallest unit of the currency; nothing where it is covered. */
export function remaining(
  payments: readonly ReceivedPayment[],
  invoiceAmount: string,
  currency: string,
): Big {
  const open = new Exact(invoiceAmount).minus(valueOf(payments, invoiceAmount))
  return open.lt(0) ? new Exact(0) : open.round(digitsOf(currency), Exact.roundUp)
}

/** A payment's status, read off its confirmations. */
export function paymentStatus(news: {
  readonly isFailed: boolean
  readonly confirmations: number
  readonly requiredConfirmations: number
}): PaymentStatus {
  if (news.isFailed) return 'failed'
  if (news.confirmations >= news.requiredConfirmations) return 'settled'
  return news.confirmations > 0 ? 'confirmed' : 'seen'
}

/** What a request got by its own method, and what of it is still open after the payments of all; rounded up to its digits. */
export function openOf(
  request: { readonly method: string; readonly amount: string },
  live: readonly ReceivedPayment[],
  currencyDigits: number,
): { readonly paid: Big; readonly open: Big } {
  const due = new Exact(request.amount)
  const paid = live
    .filter(({ method }) => method === request.method)
    .reduce((sum, each) => sum.plus(each.amount), new Exact(0))
  const share = shareOf(live).times(due).round(digits, Exact.roundHalfUp)
  const left = due.minus(share)
  const places = Math.max(currencyDigits, due.c.length - 1 - due.e)
  return { paid, open: left.lt(0) ? new Exact(0) : left.round(places, Exact.roundUp) }
}

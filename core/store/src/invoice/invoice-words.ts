import type { ExceptionStatus, InvoiceStatus, Payment } from '@bitcartcc/sdk/resources'
import type { Tone } from '@bitcartcc/ui'

export interface StatusWords {
  readonly title: string
  readonly text: string
  /** Short, for the badge. */
  readonly badge: string
  readonly tone: Tone
  readonly icon: string
}

/** What each status means to the buyer. */
export const statusWords = {
  pending: {
    title: 'Waiting for your payment',
    text: 'This page notices the payment by itself once the shop has received it.',
    badge: 'To be paid',
    tone: 'warn',
    icon: 'clock',
  },
  paid: {
    title: 'Payment seen',
    text: 'The shop is checking it. You have nothing more to do.',
    badge: 'Paid',
    tone: 'info',
    icon: 'check',
  },
  confirmed: {
    title: 'Payment confirmed',
    text: 'The shop is getting your order ready.',
    badge: 'Confirmed',
    tone: 'info',
    icon: 'check',
  },
  complete: {
    title: 'Paid, thank you',
    text: 'Your order is complete.',
    badge: 'Complete',
    tone: 'good',
    icon: 'check',
  },
  expired: {
    title: 'This invoice has expired',
    text: 'It was not paid in time. Do not pay it any more: place the order again.',
    badge: 'Expired',
    tone: 'neutral',
    icon: 'clock',
  },
  invalid: {
    title: 'This invoice is not valid',
    text: 'The shop has cancelled it. Do not pay it. If you have paid already, write to the shop.',
    badge: 'Not valid',
    tone: 'bad',
    icon: 'alert',
  },
  refunded: {
    title: 'Your money went back',
    text: 'The shop has refunded this order.',
    badge: 'Refunded',
    tone: 'neutral',
    icon: 'refresh',
  },
} as const satisfies Record<InvoiceStatus, StatusWords>

/** What a buyer should know about what was paid. */
export const exceptionWords = {
  none: '',
  paid_partial: 'A part of it has arrived. The rest is still to be paid.',
  paid_over: 'More arrived than was asked for. Write to the shop about the difference.',
  paid_late: 'The payment arrived after the time was over. The shop decides what happens with it.',
  failed_confirm: 'A payment was seen, but it will not arrive.',
} as const satisfies Record<ExceptionStatus, string>

/** How far one payment has come. */
export function paymentWords({ status, confirmations, requiredConfirmations }: Payment): string {
  if (status === 'failed') return 'Will not arrive'
  if (status === 'settled') return 'Received'
  return `Seen, ${confirmations} of ${requiredConfirmations} confirmations`
}

/** Statuses that change by themselves while the buyer looks on. */
export const isMoving = (status: InvoiceStatus): boolean =>
  status === 'pending' || status === 'paid' || status === 'confirmed'

/** Words the time that is left, in units a person plans with. */
export function timeLeft(leftMs: number): string {
  const seconds = Math.max(0, Math.floor(leftMs / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 1) return `${days} days`
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  if (minutes > 0) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
  return `${seconds} s`
}

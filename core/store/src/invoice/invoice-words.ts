import { english } from '@bitcartcc/sdk/vue'
import type { ExceptionStatus, InvoiceStatus, Payment } from '@bitcartcc/sdk/resources'
import type { Tone } from '@bitcartcc/ui'
import { t } from '../app/texts.ts'

export interface StatusWords {
  readonly title: string
  readonly text: string
  /** Short, for the badge. */
  readonly badge: string
  readonly tone: Tone
  readonly icon: string
}

/** What each status means to the buyer, in English. */
export const statusWords = {
  pending: {
    title: english('Waiting for your payment'),
    text: english('This page notices the payment by itself once the shop has received it.'),
    badge: english('To be paid'),
    tone: 'warn',
    icon: 'clock',
  },
  paid: {
    title: english('Payment seen'),
    text: english('The shop is checking it. You have nothing more to do.'),
    badge: english('Paid'),
    tone: 'info',
    icon: 'check',
  },
  confirmed: {
    title: english('Payment confirmed'),
    text: english('The shop is getting your order ready.'),
    badge: english('Confirmed'),
    tone: 'info',
    icon: 'check',
  },
  complete: {
    title: english('Paid, thank you'),
    text: english('Your order is complete.'),
    badge: english('Complete'),
    tone: 'good',
    icon: 'check',
  },
  expired: {
    title: english('This invoice has expired'),
    text: english('It was not paid in time. Do not pay it any more: place the order again.'),
    badge: english('Expired'),
    tone: 'neutral',
    icon: 'clock',
  },
  invalid: {
    title: english('This invoice is not valid'),
    text: english(
      'The shop has cancelled it. Do not pay it. If you have paid already, write to the shop.',
    ),
    badge: english('Not valid'),
    tone: 'bad',
    icon: 'alert',
  },
  refunded: {
    title: english('Your money went back'),
    text: english('The shop has refunded this order.'),
    badge: english('Refunded'),
    tone: 'neutral',
    icon: 'refresh',
  },
} as const satisfies Record<InvoiceStatus, StatusWords>

/** What a buyer should know about what was paid, in English; `missing` and `excess` are amounts. */
export const exceptionWords = {
  none: '',
  paid_partial: english('A part of it has arrived. {missing} is still to be paid.'),
  paid_under: english('{missing} is missing, and the shop takes it as paid.'),
  paid_over: english('{excess} more arrived than was asked for. Write to the shop about it.'),
  paid_late: english(
    'The payment arrived after the time was over. The shop decides what happens with it.',
  ),
  failed_confirm: english('A payment was seen, but it will not arrive.'),
} as const satisfies Record<ExceptionStatus, string>

/** How far one payment has come. */
export function paymentWords({ status, confirmations, requiredConfirmations }: Payment): string {
  if (status === 'failed') return t('Will not arrive')
  if (status === 'settled') return t('Received')
  return t('Seen, {confirmations} of {required} confirmations', {
    confirmations,
    required: requiredConfirmations,
  })
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
  if (days > 1) return t('{days} days', { days })
  if (hours > 0) return t('{hours} h {minutes} min', { hours, minutes: minutes % 60 })
  if (minutes > 0)
    return t('{minutes} min {seconds} s', {
      minutes,
      seconds: String(seconds % 60).padStart(2, '0'),
    })
  return t('{seconds} s', { seconds })
}

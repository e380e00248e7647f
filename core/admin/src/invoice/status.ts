import { english } from '@bitcartcc/sdk/vue'
import type { ExceptionStatus, Invoice, InvoiceStatus, Payment } from '@bitcartcc/sdk/resources'
import type { Tone } from '@bitcartcc/ui'
import { t } from '../app/texts.ts'

export const invoiceStatuses = [
  'pending',
  'paid',
  'confirmed',
  'complete',
  'expired',
  'invalid',
  'refunded',
] as const satisfies readonly InvoiceStatus[]

export const statusTones = {
  pending: 'warn',
  paid: 'info',
  confirmed: 'info',
  complete: 'good',
  expired: 'neutral',
  invalid: 'bad',
  refunded: 'neutral',
} as const satisfies Record<InvoiceStatus, Tone>

export interface Step {
  readonly title: string
  readonly at: string | null
  readonly tone: Tone
}

/** Tells an invoice's life so far, oldest first; `at` is null where the time is not known. */
export function stepsOf(invoice: Invoice): readonly Step[] {
  const steps: Step[] = [{ title: t('Invoice made'), at: invoice.createdAt, tone: 'neutral' }]
  if (invoice.paidAt) steps.push({ title: t('Payment seen'), at: invoice.paidAt, tone: 'info' })
  if (invoice.status === 'pending')
    steps.push({ title: t('Waits for payment until'), at: invoice.expiresAt, tone: 'warn' })
  if (invoice.status === 'confirmed')
    steps.push({ title: t('Payment confirmed'), at: null, tone: 'info' })
  if (invoice.status === 'complete') steps.push({ title: t('Complete'), at: null, tone: 'good' })
  if (invoice.status === 'expired')
    steps.push({
      title: invoice.payments.length > 0 ? t('Expired') : t('Expired without payment'),
      at: invoice.expiresAt,
      tone: 'neutral',
    })
  if (invoice.status === 'invalid')
    steps.push({
      title:
        invoice.exceptionStatus === 'failed_confirm'
          ? t('Invalid: a payment failed')
          : t('Marked as invalid'),
      at: null,
      tone: 'bad',
    })
  if (invoice.status === 'refunded') steps.push({ title: t('Refunded'), at: null, tone: 'neutral' })
  return steps
}

export interface InvoiceAction {
  readonly path: 'mark-paid' | 'invalidate' | 'refund'
  readonly title: string
  readonly from: readonly InvoiceStatus[]
  /** True where it also needs a payment that came too late. */
  readonly needsMoney?: true
  readonly question: string
  readonly done: string
  readonly isGrave: boolean
}

/** What a merchant can do with an invoice, and from which states; the server has the last word. */
export const invoiceActions: readonly InvoiceAction[] = [
  {
    path: 'mark-paid',
    title: english('Mark as paid'),
    from: ['pending'],
    question: english(
      'Say that the money is here. Plugins and the buyer are told, as after any payment.',
    ),
    done: english('Marked as paid'),
    isGrave: false,
  },
  {
    path: 'mark-paid',
    title: english('Take the late payment'),
    from: ['expired', 'invalid'],
    needsMoney: true,
    question: english(
      'The invoice becomes paid after all, and what it gave back to stock is taken again. What is missing counts as paid by hand.',
    ),
    done: english('Marked as paid'),
    isGrave: false,
  },
  {
    path: 'refund',
    title: english('Refund'),
    from: ['paid', 'confirmed', 'complete'],
    question: english(
      'Record that the money went back. Send it yourself: no money moves from here.',
    ),
    done: english('Marked as refunded'),
    isGrave: true,
  },
  {
    path: 'refund',
    title: english('Refund the late payment'),
    from: ['expired', 'invalid'],
    needsMoney: true,
    question: english(
      'Record that the money went back. Send it yourself: no money moves from here.',
    ),
    done: english('Marked as refunded'),
    isGrave: true,
  },
  {
    path: 'invalidate',
    title: english('Mark as invalid'),
    from: ['pending', 'paid', 'confirmed'],
    question: english(
      'The invoice can no longer be paid, and what it reserved goes back into stock.',
    ),
    done: english('Marked as invalid'),
    isGrave: true,
  },
]

/** The actions an invoice allows now. */
export const actionsOf = (invoice: Invoice): readonly InvoiceAction[] =>
  invoiceActions.filter(
    ({ from, needsMoney }) =>
      from.includes(invoice.status) &&
      (!needsMoney || invoice.payments.some((payment) => payment.status !== 'failed')),
  )

/** What is unusual about what was paid, and what the merchant may do about it. */
export const exceptionWords = {
  none: null,
  paid_partial: {
    title: english('Paid in part'),
    text: english(
      '{missing} is missing, and it waits for that. Mark it as paid if you are content with less.',
    ),
    tone: 'warn',
  },
  paid_under: {
    title: english('Paid with less'),
    text: english('{missing} is missing. The store takes as much for paid, as its settings say.'),
    tone: 'info',
  },
  paid_over: {
    title: english('Paid too much'),
    text: english('{excess} more came than was asked for. Give it back outside of this shop.'),
    tone: 'warn',
  },
  paid_late: {
    title: english('Paid too late'),
    text: english('A payment came after the invoice was over. Take it, or refund it.'),
    tone: 'warn',
  },
  failed_confirm: {
    title: english('A payment failed'),
    text: english('It was seen and then spent another way. Deliver nothing for it.'),
    tone: 'bad',
  },
} as const satisfies Record<
  ExceptionStatus,
  { readonly title: string; readonly text: string; readonly tone: Tone } | null
>

export const paymentTones = {
  seen: 'info',
  confirmed: 'info',
  settled: 'good',
  failed: 'bad',
} as const satisfies Record<Payment['status'], Tone>

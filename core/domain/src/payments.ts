import type { Selectable } from 'kysely'
import type { InvoiceStatus, Payment } from '@bitcartcc/sdk/resources'
import { enter, type InvoiceRow } from './invoice-steps.ts'
import { isTooLate, stepsAfter } from './invoice-status.ts'
import { exactly } from './money.ts'
import { leastOf, paymentStatus, type PaymentStatus, type ReceivedPayment } from './received.ts'
import type { CoreTables } from './tables.ts'
import { newId, type CoreDb, type CoreTx } from './world.ts'

type PaymentRow = Selectable<CoreTables['payments']>

/** What is told of one payment. Amounts are exact decimal texts in `currency`. */
export interface PaymentNews {
  /** What names this payment, and no other of its method. */
  readonly reference: string
  readonly amount: string
  readonly currency: string
  /** What the whole invoice costs in this currency. */
  readonly due: string
  readonly confirmations: number
  readonly requiredConfirmations: number
  /** True where it will never come: spent another way, taken back. */
  readonly isFailed: boolean
  /** Plain JSON that the method wants back when it looks again. */
  readonly metadata: object
}

/**
 * Brings news of payments into the books, and the invoice to the state they lead to. The caller holds the invoice's row.
 *
 * The same news twice, or a hundred times, changes nothing and emits nothing.
 */
export async function recordPayments(
  tx: CoreTx,
  invoice: InvoiceRow,
  method: string,
  news: readonly PaymentNews[],
): Promise<InvoiceRow> {
  let hasChanged = false
  for (const each of news)
    if (await recordOne(tx, invoice, method, each)) {
      hasChanged = true
    }
  return hasChanged ? settle(tx, invoice) : invoice
}

/** Takes an invoice where its payments lead. */
export async function settle(tx: CoreTx, invoice: InvoiceRow): Promise<InvoiceRow> {
  const payments = await receivedFor(tx.db, invoice.id)
  const { steps, exception } = stepsAfter(
    {
      ...invoice,
      status: invoice.status as InvoiceStatus, // only the machine writes it
      least: leastOf(invoice.amount, invoice.underpaid_percent),
    },
    payments,
  )
  let row = invoice
  for (const next of steps) row = await enter(tx, row, next)
  if (row.exception_status === exception) return row
  row = await tx.db
    .updateTable('invoices')
    .set({ exception_status: exception })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await tx.emit('invoice.exception', {
    invoiceId: row.id,
    storeId: row.store_id,
    status: row.status,
    exceptionStatus: exception,
  })
  return row
}

/** Payments of one invoice, as its status depends on them. */
export async function receivedFor(
  db: CoreDb,
  invoiceId: string,
): Promise<readonly ReceivedPayment[]> {
  const rows = await db
    .selectFrom('payments')
    .selectAll()
    .where('invoice_id', '=', invoiceId)
    .orderBy('seq')
    .execute()
  return rows.map(receivedOf)
}

export const receivedOf = (row: PaymentRow): ReceivedPayment => ({
  method: row.method,
  amount: row.amount,
  due: row.due,
  status: row.status as PaymentStatus, // only recordOne writes it
  isLate: row.is_late,
})

async function recordOne(
  tx: CoreTx,
  invoice: InvoiceRow,
  method: string,
  news: PaymentNews,
): Promise<boolean> {
  const known = await tx.db
    .selectFrom('payments')
    .selectAll()
    .where('method', '=', method)
    .where('reference', '=', news.reference)
    .executeTakeFirst()
  if (known && known.invoice_id !== invoice.id)
    throw new Error(`${method} gives payment ${news.reference} to two invoices`)
  const fields = {
    status: paymentStatus(news),
    confirmations: news.confirmations,
    required_confirmations: news.requiredConfirmations,
    metadata: JSON.stringify(news.metadata),
  }
  if (known) {
    const isSame =
      known.status === fields.status &&
      known.confirmations === fields.confirmations &&
      known.required_confirmations === fields.required_confirmations
    if (isSame) return false
    await tx.db
      .updateTable('payments')
      .set({ ...fields, updated_at: new Date() })
      .where('id', '=', known.id)
      .execute()
  } else
    await tx.db
      .insertInto('payments')
      .values({
        id: newId(),
        invoice_id: invoice.id,
        method,
        reference: news.reference,
        amount: news.amount,
        currency: news.currency,
        due: news.due,
        is_late: isTooLate.has(invoice.status as InvoiceStatus), // only the machine writes it
        ...fields,
      })
      .execute()
  await tx.emit(known ? 'payment.changed' : 'payment.recorded', {
    invoiceId: invoice.id,
    storeId: invoice.store_id,
    method,
    reference: news.reference,
    amount: exactly(news.amount, news.currency),
    currency: news.currency,
    status: fields.status,
    confirmations: news.confirmations,
  })
  return true
}

/** A payment as the API shows it. */
export const showPayment = (row: PaymentRow, title: string): Payment => ({
  id: row.id,
  method: row.method,
  title,
  reference: row.reference,
  amount: exactly(row.amount, row.currency),
  currency: row.currency,
  status: row.status as PaymentStatus, // only recordOne writes it
  confirmations: row.confirmations,
  requiredConfirmations: row.required_confirmations,
  isLate: row.is_late,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

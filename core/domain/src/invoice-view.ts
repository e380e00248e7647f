import type { ExceptionStatus, Invoice, InvoiceStatus } from '@bitcartcc/sdk/resources'
import type { InvoiceRow } from './invoice-steps.ts'
import { shown, shownDown } from './money.ts'
import type { PaymentAccounts } from './payment-accounts.ts'
import type { PaymentMethods } from './payment-methods.ts'
import { showRequest } from './payment-requests.ts'
import { receivedOf, showPayment } from './payments.ts'
import { valueOf } from './received.ts'
import { notFound } from './refusals.ts'
import type { CoreDb } from './world.ts'

/** Invoices as the API shows them. */
export interface InvoiceView {
  /** 404 where there is none. */
  read(db: CoreDb, id: string): Promise<Invoice>
  /** In the order of the rows. */
  show(db: CoreDb, rows: readonly InvoiceRow[]): Promise<Invoice[]>
}

export function createInvoiceView(methods: PaymentMethods, accounts: PaymentAccounts): InvoiceView {
  const show = (db: CoreDb, rows: readonly InvoiceRow[]) =>
    showInvoices(db, methods, accounts, rows)
  return {
    show,
    async read(db, id) {
      const rows = await db.selectFrom('invoices').selectAll().where('id', '=', id).execute()
      const [invoice] = await show(db, rows)
      if (!invoice) throw notFound('invoice')
      return invoice
    },
  }
}

async function showInvoices(
  db: CoreDb,
  methods: PaymentMethods,
  accounts: PaymentAccounts,
  rows: readonly InvoiceRow[],
): Promise<Invoice[]> {
  if (rows.length === 0) return []
  const items = await db
    .selectFrom('invoice_items')
    .selectAll()
    .where(
      'invoice_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('position')
    .execute()
  const itemsOf = Map.groupBy(items, (item) => item.invoice_id)
  const payments = await db
    .selectFrom('payments')
    .selectAll()
    .where(
      'invoice_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('seq')
    .execute()
  const paymentsOf = Map.groupBy(payments, (payment) => payment.invoice_id)
  const requests = await db
    .selectFrom('payment_requests')
    .selectAll()
    .where(
      'invoice_id',
      'in',
      rows.map((row) => row.id),
    )
    .execute()
  const storeIds = [...new Set(rows.map((row) => row.store_id))]
  const offered = await accounts.offeredBy(db, storeIds)
  const instructions = new Map(
    await Promise.all(
      storeIds.flatMap((storeId) =>
        methods.all.map(
          async (method) =>
            [`${storeId} ${method.name}`, await method.instructionsFor(storeId)] as const,
        ),
      ),
    ),
  )
  return rows.map((row) => {
    const amount = shown(row.amount, row.currency)
    const request = requests.find(
      (each) => each.invoice_id === row.id && each.method === row.method,
    )
    const own = paymentsOf.get(row.id) ?? []
    const live = own.map(receivedOf).filter((payment) => payment.status !== 'failed')
    return {
      id: row.id,
      number: row.number,
      storeId: row.store_id,
      status: row.status as InvoiceStatus, // only the machine writes it
      exceptionStatus: row.exception_status as ExceptionStatus, // only the machine writes it
      amount,
      paidAmount: shownDown(valueOf(live, row.amount), row.currency),
      currency: row.currency,
      buyerEmail: row.buyer_email,
      items: (itemsOf.get(row.id) ?? []).map((item) => ({
        productId: item.product_id,
        name: item.name,
        quantity: item.quantity,
        price: shown(item.price, row.currency),
        total: shown(item.total, row.currency),
      })),
      payment: {
        method: row.method,
        title: methods.titleOf(row.method),
        instructions:
          instructions.get(`${row.store_id} ${row.method}`)?.({
            amount,
            currency: row.currency,
            number: row.number,
          }) ?? '',
        request: request ? showRequest(request, live) : null,
        choices: row.status === 'pending' ? [...(offered.get(row.store_id) ?? [])] : [],
      },
      payments: own.map((payment) => showPayment(payment, methods.titleOf(payment.method))),
      createdAt: row.created_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      paidAt: row.paid_at?.toISOString() ?? null,
    }
  })
}

import { sql } from 'kysely'
import type { ExceptionStatus, Invoice, InvoiceStatus } from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import { mayFollow } from './invoice-status.ts'
import { enter, type InvoiceRow } from './invoice-steps.ts'
import { shown, shownDown } from './money.ts'
import { containing, pageOf, seqOf } from './page.ts'
import type { PaymentMethods } from './payment-methods.ts'
import { receivedFor, receivedOf, recordPayments, settle, showPayment } from './payments.ts'
import { remaining, valueOf } from './received.ts'
import { conflict, notFound } from './refusals.ts'
import type { CoreDb, CoreTx, World } from './world.ts'

/** What buyers owe, and how far each has come. */
export function createInvoices(world: World, methods: PaymentMethods): Domain['invoices'] {
  const { db } = world
  /** Holds the invoice, asks the machine for one step of the merchant's, and does what follows. */
  const step = async (
    id: string,
    to: InvoiceStatus,
    take: (tx: CoreTx, row: InvoiceRow) => Promise<unknown>,
  ) => {
    await world.transaction(async (tx) => {
      const row = await hold(tx, id)
      const status = row.status as InvoiceStatus // only the machine writes it
      const payments = await receivedFor(tx.db, id)
      const hasMoney = payments.some((payment) => payment.status !== 'failed')
      if (!mayFollow(status, to, hasMoney))
        throw conflict(`Invoice ${row.number} is ${status}: it cannot become ${to}.`)
      await take(tx, row)
    })
    return readInvoice(db, methods, id)
  }
  return {
    async list(filter) {
      let query = db.selectFrom('invoices').selectAll()
      if (filter.storeId !== undefined) query = query.where('store_id', '=', filter.storeId)
      if (filter.status !== undefined) query = query.where('status', '=', filter.status)
      const search = filter.search?.trim().replaceAll('\0', '')
      if (search)
        query = query.where((where) =>
          where.or([
            where('buyer_email', 'ilike', containing(search)),
            where('id', '=', search),
            where(sql<string>`number::text`, '=', search.replace(/^#/, '')),
          ]),
        )
      const before = seqOf(filter.cursor)
      if (before !== undefined) query = query.where('seq', '<', before)
      const rows = await query
        .orderBy('seq', 'desc')
        .limit(filter.limit + 1)
        .execute()
      const invoices = new Map(
        (await showInvoices(db, methods, rows.slice(0, filter.limit))).map((invoice) => [
          invoice.id,
          invoice,
        ]),
      )
      const page = pageOf(rows, filter.limit, (row) => row.id)
      return { items: page.items.flatMap((id) => invoices.get(id) ?? []), next: page.next }
    },
    get: (id) => readInvoice(db, methods, id),
    markPaid: (id) => step(id, 'paid', payByHand),
    invalidate: (id) => step(id, 'invalid', (tx, row) => enter(tx, row, 'invalid')),
    refund: (id) => step(id, 'refunded', (tx, row) => enter(tx, row, 'refunded')),
    async expireDue() {
      for (let expired = 0; ; expired++) {
        // A transaction each: one that holds many invoices would hold their products in no order.
        const found = await world.transaction(async (tx) => {
          const due = await tx.db
            .selectFrom('invoices')
            .selectAll()
            .where('status', '=', 'pending')
            .where('expires_at', '<=', sql<Date>`now()`)
            .orderBy('seq')
            .limit(1)
            .forUpdate()
            .skipLocked()
            .executeTakeFirst()
          if (due) await enter(tx, due, 'expired')
          return due !== undefined
        })
        if (!found) return expired
      }
    },
  }
}

/** Holds the row of an invoice to the end of the transaction. */
export async function hold(tx: CoreTx, id: string): Promise<InvoiceRow> {
  const row = await tx.db
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('invoice')
  return row
}

/** The merchant has what is missing: one payment by hand. What came too late is taken with it. */
async function payByHand(tx: CoreTx, row: InvoiceRow) {
  const payments = await receivedFor(tx.db, row.id)
  const live = payments.filter((payment) => payment.status !== 'failed')
  const missing = remaining(live, row.amount, row.currency)
  let now = row
  if (missing.gt(0) || live.length === 0)
    now = await recordPayments(tx, now, 'manual', [
      {
        reference: row.id,
        amount: missing.toFixed(),
        currency: row.currency,
        due: row.amount,
        confirmations: 0,
        requiredConfirmations: 0,
        isFailed: false,
        metadata: {},
      },
    ])
  const hasWaited = now.status === 'expired' || now.status === 'invalid'
  if (hasWaited) await settle(tx, await enter(tx, now, 'paid'))
}

/** One invoice as the API shows it. */
export async function readInvoice(
  db: CoreDb,
  methods: PaymentMethods,
  id: string,
): Promise<Invoice> {
  const rows = await db.selectFrom('invoices').selectAll().where('id', '=', id).execute()
  const [invoice] = await showInvoices(db, methods, rows)
  if (!invoice) throw notFound('invoice')
  return invoice
}

/** Rows as the API shows them, in their order. */
export async function showInvoices(
  db: CoreDb,
  methods: PaymentMethods,
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
  const titleOf = (name: string) => methods.all.find((each) => each.name === name)?.title ?? name
  const instructions = new Map(
    await Promise.all(
      methods.all.map(async (method) => [method.name, await method.instructionsFor()] as const),
    ),
  )
  return rows.map((row) => {
    const amount = shown(row.amount, row.currency)
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
        title: titleOf(row.method),
        instructions:
          instructions.get(row.method)?.({ amount, currency: row.currency, number: row.number }) ??
          '',
      },
      payments: own.map((payment) => showPayment(payment, titleOf(payment.method))),
      createdAt: row.created_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      paidAt: row.paid_at?.toISOString() ?? null,
    }
  })
}

import { sql, type Selectable } from 'kysely'
import type { Invoice, InvoiceStatus } from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import { eventOf, mayFollow, releasesStock } from './invoice-status.ts'
import { shown } from './money.ts'
import { containing, pageOf, seqOf } from './page.ts'
import type { PaymentMethods } from './payment-methods.ts'
import { conflict, notFound } from './refusals.ts'
import type { CoreTables } from './tables.ts'
import type { CoreDb, CoreTx, World } from './world.ts'

type InvoiceRow = Selectable<CoreTables['invoices']>

/** What buyers owe, and how far each has come. */
export function createInvoices(world: World, methods: PaymentMethods): Domain['invoices'] {
  const { db } = world
  const walk = async (id: string, choose: (row: InvoiceRow) => readonly InvoiceStatus[]) => {
    await world.transaction(async (tx) => {
      const row = await tx.db
        .selectFrom('invoices')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      if (!row) throw notFound('invoice')
      let status = row.status as InvoiceStatus // only the machine writes it
      for (const next of choose(row)) {
        if (!mayFollow(status, next))
          throw conflict(`Invoice ${row.number} is ${status}: it cannot become ${next}.`)
        await enter(tx, row, next)
        status = next
      }
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
    markPaid: (id) =>
      walk(id, (row) =>
        methods.choose(row.method).isFinal ? ['paid', 'confirmed', 'complete'] : ['paid'],
      ),
    invalidate: (id) => walk(id, () => ['invalid']),
    refund: (id) => walk(id, () => ['refunded']),
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

/** Writes a state with all that follows from it; the caller holds the row and has asked the machine. */
async function enter(tx: CoreTx, row: InvoiceRow, status: InvoiceStatus) {
  await tx.db
    .updateTable('invoices')
    .set({
      status,
      ...(status === 'paid' ? { paid_at: sql<Date>`now()` } : {}),
      ...(status === 'complete' ? { completed_at: sql<Date>`now()` } : {}),
    })
    .where('id', '=', row.id)
    .execute()
  if (releasesStock.has(status)) await releaseStock(tx.db, row.id)
  await tx.emit(eventOf[status], { invoiceId: row.id, storeId: row.store_id, status })
}

async function releaseStock(db: CoreDb, invoiceId: string) {
  const items = await db
    .updateTable('invoice_items')
    .set({ is_reserved: false })
    .where('invoice_id', '=', invoiceId)
    .where('is_reserved', '=', true)
    .returning(['product_id', 'quantity'])
    .execute()
  // In one order everywhere: two transactions that want the same products wait, and do not deadlock.
  for (const item of items.toSorted((left, right) =>
    left.product_id < right.product_id ? -1 : 1,
  )) {
    await db
      .updateTable('products')
      .set((set) => ({ stock: set('stock', '+', item.quantity) }))
      .where('id', '=', item.product_id)
      .where('stock', 'is not', null)
      .execute()
  }
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
  const instructions = new Map(
    await Promise.all(
      methods.all.map(async (method) => [method.name, await method.instructionsFor()] as const),
    ),
  )
  return rows.map((row) => {
    const amount = shown(row.amount, row.currency)
    const method = methods.all.find((each) => each.name === row.method)
    return {
      id: row.id,
      number: row.number,
      storeId: row.store_id,
      status: row.status as InvoiceStatus, // only the machine writes it
      amount,
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
        title: method?.title ?? row.method,
        instructions:
          instructions.get(row.method)?.({ amount, currency: row.currency, number: row.number }) ??
          '',
      },
      createdAt: row.created_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      paidAt: row.paid_at?.toISOString() ?? null,
    }
  })
}

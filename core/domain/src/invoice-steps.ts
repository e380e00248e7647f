import { sql, type Selectable } from 'kysely'
import type { InvoiceStatus } from '@bitcartcc/sdk/resources'
import { eventOf, isTooLate, releasesStock } from './invoice-status.ts'
import { conflict, notFound } from './refusals.ts'
import type { CoreTables } from './tables.ts'
import type { CoreDb, CoreTx } from './world.ts'

export type InvoiceRow = Selectable<CoreTables['invoices']>

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

/** Writes a state with all that follows from it; the caller holds the row and has asked the machine. Gives the row as it is now. */
export async function enter(
  tx: CoreTx,
  row: InvoiceRow,
  status: InvoiceStatus,
): Promise<InvoiceRow> {
  const isTakenBack = isTooLate.has(row.status as InvoiceStatus) && !isTooLate.has(status) // only the machine writes it
  if (isTakenBack) await takeStock(tx.db, row.id)
  const now = await tx.db
    .updateTable('invoices')
    .set({
      status,
      ...(status === 'paid' ? { paid_at: sql<Date>`now()` } : {}),
      ...(status === 'complete' ? { completed_at: sql<Date>`now()` } : {}),
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  if (releasesStock.has(status)) await releaseStock(tx.db, row.id)
  await tx.emit(eventOf[status], { invoiceId: row.id, storeId: row.store_id, status })
  return now
}

// In one order everywhere: two transactions that want the same products wait, and do not deadlock.
const inOneOrder = <T extends { readonly product_id: string }>(items: readonly T[]) =>
  items.toSorted((left, right) => (left.product_id < right.product_id ? -1 : 1))

async function releaseStock(db: CoreDb, invoiceId: string) {
  const items = await db
    .updateTable('invoice_items')
    .set({ is_reserved: false })
    .where('invoice_id', '=', invoiceId)
    .where('is_reserved', '=', true)
    .returning(['product_id', 'quantity'])
    .execute()
  for (const item of inOneOrder(items)) {
    await db
      .updateTable('products')
      .set((set) => ({ stock: set('stock', '+', item.quantity) }))
      .where('id', '=', item.product_id)
      .where('stock', 'is not', null)
      .execute()
  }
}

/** Takes off the shelf what an invoice gave back; refused where it is sold by now. */
async function takeStock(db: CoreDb, invoiceId: string) {
  const items = await db
    .selectFrom('invoice_items')
    .select(['position', 'product_id', 'name', 'quantity'])
    .where('invoice_id', '=', invoiceId)
    .where('is_reserved', '=', false)
    .execute()
  for (const item of inOneOrder(items)) {
    const product = await db
      .selectFrom('products')
      .select('stock')
      .where('id', '=', item.product_id)
      .where('stock', 'is not', null)
      .forUpdate()
      .executeTakeFirst()
    if (!product) continue
    const left = product.stock ?? 0
    if (left < item.quantity)
      throw conflict(
        left === 0
          ? `${item.name} is sold out by now. Refund the payment, or add to the stock first.`
          : `Only ${left} of ${item.name} are left by now. Refund the payment, or add to the stock first.`,
      )
    await db
      .updateTable('products')
      .set((set) => ({ stock: set('stock', '-', item.quantity) }))
      .where('id', '=', item.product_id)
      .execute()
    await db
      .updateTable('invoice_items')
      .set({ is_reserved: true })
      .where('invoice_id', '=', invoiceId)
      .where('position', '=', item.position)
      .execute()
  }
}

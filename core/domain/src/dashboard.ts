import { sql } from 'kysely'
import type { Dashboard } from '@bitcartcc/sdk/resources'
import type { InvoiceView } from './invoice-view.ts'
import { shown, sum } from './money.ts'
import type { Stores } from './domain.ts'
import { storeOrFirst } from './stores.ts'
import type { World } from './world.ts'

/** The last 30 days of some stores in the currency of the first of them, today included; days are UTC. */
export function createDashboard({ db }: World, view: InvoiceView) {
  return async (stores: Stores): Promise<Dashboard> => {
    const { currency } = await storeOrFirst(db, stores === 'all' ? undefined : stores[0])
    const isMeant = stores === 'all' ? sql`true` : sql`store_id = any(${[...stores]}::text[])`
    const days = await sql<{ day: string; sales: string; invoices: string }>`
      with days as (
        select generate_series(0, 29) as back, (now() at time zone 'UTC')::date as today
      ), sold as (
        select (completed_at at time zone 'UTC')::date as day, sum(amount) as amount from core.invoices
        where ${isMeant} and status = 'complete' and currency = ${currency} and completed_at > now() - interval '31 days' group by 1
      ), made as (
        select (created_at at time zone 'UTC')::date as day, count(*) as count from core.invoices
        where ${isMeant} and created_at > now() - interval '31 days' group by 1
      )
      select (today - back)::text as day, coalesce(sold.amount, 0) as sales, coalesce(made.count, 0) as invoices
      from days left join sold on sold.day = today - back left join made on made.day = today - back
      order by back desc`.execute(db)
    const totals = await sql<{ open: string; products: string }>`
      select (select count(*) from core.invoices where ${isMeant} and status in ('pending', 'paid', 'confirmed')) as open, (select count(*) from core.products where ${isMeant}) as products`.execute(
      db,
    )
    const recent = await db
      .selectFrom('invoices')
      .selectAll()
      .$if(stores !== 'all', (query) => query.where('store_id', 'in', [...stores]))
      .orderBy('seq', 'desc')
      .limit(5)
      .execute()
    const rows = days.rows.map((row) => ({
      day: row.day,
      sales: shown(row.sales, currency),
      invoices: Number(row.invoices),
    }))
    return {
      currency,
      sales30d: shown(sum(rows.map((row) => row.sales)), currency),
      invoices30d: rows.reduce((total, row) => total + row.invoices, 0),
      openInvoices: Number(totals.rows[0]?.open ?? 0),
      products: Number(totals.rows[0]?.products ?? 0),
      days: rows,
      recent: await view.show(db, recent),
    }
  }
}

import { sql } from 'kysely'
import type { InvoiceStatus } from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import { mayFollow } from './invoice-status.ts'
import { enter, hold, type InvoiceRow } from './invoice-steps.ts'
import type { InvoiceView } from './invoice-view.ts'
import { isNoted, note, noting, withMetadata } from './metadata.ts'
import { containing, startingWith } from './page.ts'
import type { PaymentRequests } from './payment-requests.ts'
import { receivedFor, recordPayments, settle } from './payments.ts'
import { remaining } from './received.ts'
import { conflict } from './refusals.ts'
import { sorted, sortingOf, type SortValue } from './sorting.ts'
import type { CoreDb, CoreTx, World } from './world.ts'

/** What buyers owe, and how far each has come. */
export function createInvoices(
  world: World,
  view: InvoiceView,
  requests: PaymentRequests,
): Omit<Domain['invoices'], 'watch'> {
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
    return noting(db, 'invoice', await view.read(db, id), undefined)
  }
  return {
    async list(filter) {
      let query = db.selectFrom('invoices').selectAll()
      if (filter.in !== 'all') query = query.where('store_id', 'in', [...filter.in])
      if (filter.storeId !== undefined) query = query.where('store_id', '=', filter.storeId)
      if (filter.status !== undefined) query = query.where('status', '=', filter.status)
      const search = filter.search?.trim().replaceAll('\0', '')
      if (search)
        query = query.where((where) =>
          where.or([
            where('buyer_email', 'ilike', containing(search)),
            where('id', '=', search),
            where(sql<string>`number::text`, '=', search.replace(/^#/, '')),
            ...(search.length < identifying
              ? []
              : [
                  where('id', 'in', askedAt(db, search)),
                  where('id', 'in', receivedAs(db, search)),
                ]),
          ]),
        )
      query = query.where((where) => isNoted('invoice', where.ref('invoices.id'), filter.metadata))
      if (filter.ids !== undefined) query = query.where('id', 'in', [...filter.ids])
      const list = sorted(sortingOf(filter.sort ?? '-createdAt', ways, seq), filter.cursor)
      const rows = await query
        .select(list.columns)
        .where(list.after)
        .orderBy(list.order)
        .limit(filter.limit + 1)
        .execute()
      const invoices = new Map(
        (await withMetadata(db, 'invoice', await view.show(db, rows.slice(0, filter.limit)))).map(
          (invoice) => [invoice.id, invoice],
        ),
      )
      const page = list.pageOf(rows, filter.limit, (row) => row.id)
      return { items: page.items.flatMap((id) => invoices.get(id) ?? []), next: page.next }
    },
    async get(id, desk = []) {
      const invoice = await view.read(db, id)
      return desk === 'all' || desk.includes(invoice.storeId)
        ? noting(db, 'invoice', invoice, undefined)
        : invoice
    },
    async update(id, { metadata }) {
      if (metadata)
        await world.transaction((tx) => note(tx.db, 'invoice', id, 'merchant', metadata.merchant))
      return noting(db, 'invoice', await view.read(db, id), undefined)
    },
    async choosePayment(id, method) {
      await requests.choose(id, method)
      return view.read(db, id)
    },
    markPaid: (id) => step(id, 'paid', payByHand),
    invalidate: (id) => step(id, 'invalid', (tx, row) => enter(tx, row, 'invalid')),
    refund: (id) => step(id, 'refunded', (tx, row) => enter(tx, row, 'refunded')),
    lookForPayments: (signal = AbortSignal.any([])) => requests.lookDue(signal),
    async expireDue() {
      for (let expired = 0; ; expired++) {
        // A transaction each: one that holds many invoices would hold their products in no order.
        const found = await world.transaction(async (tx) => {
          const due = await tx.db
            .selectFrom('invoices')
            .selectAll()
            .where('status', '=', 'pending')
            .where('expires_at', '<=', sql<Date>`now()`)
            .where((where) => where.not(where.exists(unseen)))
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

const seq: SortValue = { sql: sql`seq`, type: 'bigint' }
const ways = {
  amount: { sql: sql`amount`, type: 'numeric' },
  buyerEmail: { sql: sql`lower(buyer_email)`, type: 'text' },
  createdAt: seq,
} as const

/** Letters from which on a text may be the beginning of an address or of a transaction: fewer begin too many of them. */
const identifying = 8
/** As their indexes have them: one address or reference is longer than an index takes. */
const begins = (column: string, search: string) =>
  sql<boolean>`left(lower(${sql.ref(column)}), 200) like ${startingWith(search.toLowerCase().slice(0, 200))}`
const askedAt = (db: CoreDb, search: string) =>
  db.selectFrom('payment_requests').select('invoice_id').where(begins('address', search))
const receivedAs = (db: CoreDb, search: string) =>
  db.selectFrom('payments').select('invoice_id').where(begins('reference', search))

/** Requests nobody has looked at since the time to pay was over: what came in time may not be known yet. An hour is waited for a server that does not answer. */
const unseen = sql`(select from core.payment_requests as request where request.invoice_id = invoices.id
  and request.next_look_at is not null and coalesce(request.looked_at, '-infinity') < invoices.expires_at
  and invoices.expires_at > now() - interval '1 hour')`

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

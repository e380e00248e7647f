import type { Selectable } from 'kysely'
import type {
  ExceptionStatus,
  Invoice,
  InvoiceStatus,
  PaymentChoice,
} from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import type { InvoiceRow } from './invoice-steps.ts'
import { shown, shownDown } from './money.ts'
import type { PaymentAccounts } from './payment-accounts.ts'
import type { PaymentMethods } from './payment-methods.ts'
import { showRequest } from './payment-requests.ts'
import { receivedOf, showPayment } from './payments.ts'
import { excess, remaining, valueOf } from './received.ts'
import { notFound } from './refusals.ts'
import type { CoreTables } from './tables.ts'
import type { CoreDb } from './world.ts'

/** Invoices as the API shows them. */
export interface InvoiceView {
  /** 404 where there is none. */
  read(db: CoreDb, id: string): Promise<Invoice>
  /** In the order of the rows. */
  show(db: CoreDb, rows: readonly InvoiceRow[]): Promise<Invoice[]>
  /** One that was made in this moment, by who made it: nothing is paid, and nothing else is read. */
  showNew(row: InvoiceRow, facts: Pick<Facts, 'items' | 'offered' | 'own'>): Invoice
}

/** What belongs to an invoice. */
interface Facts {
  readonly items: readonly Omit<ItemRow, 'invoice_id' | 'position' | 'is_reserved'>[]
  readonly payments: readonly PaymentRow[]
  readonly requests: readonly Selectable<CoreTables['payment_requests']>[]
  readonly offered: readonly PaymentChoice[]
  /** Core's settings, as they are for the store. */
  readonly own: Readonly<Record<string, unknown>>
}
type ItemRow = Selectable<CoreTables['invoice_items']>
type PaymentRow = Selectable<CoreTables['payments']>

export function createInvoiceView(
  methods: PaymentMethods,
  accounts: PaymentAccounts,
  settings: Domain['settings'],
): InvoiceView {
  const show = async (db: CoreDb, rows: readonly InvoiceRow[]) => {
    if (rows.length === 0) return []
    const factsOf = await factsAbout(db, accounts, settings, rows)
    return rows.map((row) => showInvoice(methods, row, factsOf(row)))
  }
  return {
    show,
    showNew: (row, facts) => showInvoice(methods, row, { ...facts, payments: [], requests: [] }),
    async read(db, id) {
      const rows = await db.selectFrom('invoices').selectAll().where('id', '=', id).execute()
      const [invoice] = await show(db, rows)
      if (!invoice) throw notFound('invoice')
      return invoice
    },
  }
}

async function factsAbout(
  db: CoreDb,
  accounts: PaymentAccounts,
  settings: Domain['settings'],
  rows: readonly InvoiceRow[],
): Promise<(row: InvoiceRow) => Facts> {
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
  const requestsOf = Map.groupBy(requests, (request) => request.invoice_id)
  const storeIds = [...new Set(rows.map((row) => row.store_id))]
  const offered = await accounts.offeredBy(db, storeIds)
  const own = new Map(
    await Promise.all(
      storeIds.map(async (storeId) => [storeId, await settings.ofStore('core', storeId)] as const),
    ),
  )
  return ({ id, store_id }) => ({
    items: itemsOf.get(id) ?? [],
    payments: paymentsOf.get(id) ?? [],
    requests: requestsOf.get(id) ?? [],
    offered: offered.get(store_id) ?? [],
    own: own.get(store_id) ?? {},
  })
}

function showInvoice(
  methods: PaymentMethods,
  row: InvoiceRow,
  { items, payments, requests, offered, own }: Facts,
): Invoice {
  const amount = shown(row.amount, row.currency)
  const request = requests.find((each) => each.method === row.method)
  const live = payments.map(receivedOf).filter((payment) => payment.status !== 'failed')
  return {
    id: row.id,
    number: row.number,
    storeId: row.store_id,
    status: row.status as InvoiceStatus, // only the machine writes it
    exceptionStatus: row.exception_status as ExceptionStatus, // only the machine writes it
    amount,
    paidAmount: shownDown(valueOf(live, row.amount), row.currency),
    missingAmount: shown(remaining(live, row.amount, row.currency), row.currency),
    excessAmount: shown(excess(live, row.amount, row.currency), row.currency),
    currency: row.currency,
    buyerEmail: row.buyer_email,
    items: items.map((item) => ({
      productId: item.product_id,
      name: item.name,
      quantity: item.quantity,
      price: shown(item.price, row.currency),
      total: shown(item.total, row.currency),
    })),
    payment: {
      method: row.method,
      title: methods.titleOf(row.method),
      instructions: methods.instructionsOf(row.method, own, {
        amount,
        currency: row.currency,
        number: row.number,
      }),
      request: request ? showRequest(request, live) : null,
      choices: row.status === 'pending' ? [...offered] : [],
    },
    payments: payments.map((payment) => showPayment(payment, methods.titleOf(payment.method))),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    paidAt: row.paid_at?.toISOString() ?? null,
  }
}

import { sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Invoice } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'
import { Answered } from './asked.ts'
import { itemsOf, lacks, readCart, showCart } from './cart-view.ts'
import type { CartNotesRules } from './cart-notes.ts'
import { compiledOnce } from './compiled-once.ts'
import type { Domain } from './domain.ts'
import type { Hooks } from './hooks.ts'
import type { InvoiceRow } from './invoice-steps.ts'
import type { InvoiceView } from './invoice-view.ts'
import { stateColumns, type PaymentAccounts } from './payment-accounts.ts'
import type { PaymentMethod } from './payment-methods.ts'
import type { PaymentRequests } from './payment-requests.ts'
import { conflict, emailOf, notFound } from './refusals.ts'
import { storeSettingsSql, type SettingRow } from './setting-rows.ts'
import type { Settings } from './settings.ts'
import { checkoutFacts } from './stores.ts'
import { listenersOf } from './told.ts'
import { newId, type CoreDb, type CoreTx, type World } from './world.ts'

interface Parts {
  readonly view: InvoiceView
  readonly accounts: PaymentAccounts
  readonly requests: PaymentRequests
  readonly hooks: Hooks
  readonly cartNotes: CartNotesRules
  readonly settings: Settings
}

/** Makes an invoice of a cart. A statement is a way to the database and back: each does as much as the one before it allows. */
export function createCheckout(world: World, parts: Parts): Domain['carts']['checkout'] {
  const { db } = world
  const { view, accounts, requests, hooks, cartNotes, settings } = parts
  return async (id, given) => {
    const asked = { ...given, email: given.email ?? '' }
    const input = await hooks.pass('checkout.starting', asked, async () => {
      const cart = await readCart(db, cartNotes, id)
      // A cart that was ordered is empty: the same request again is no new order.
      return cart.items.length === 0 ? null : { cart }
    })
    let made: { readonly invoice: Invoice; readonly method: PaymentMethod } | undefined
    const order = async (tx: CoreTx) => {
      const cart = await holdCart(tx.db, id)
      const offered = accounts.offered(cart.accounts)
      const method = accounts.chosen(offered, input.method)
      const own = settings.ofStoreRows('core', cart.store_id, cart.settings)
      tx.know(cart.store_id, cart.listeners)
      const buyerEmail = buyerEmailOf(own, input.email)
      const { items, total, left } = await holdItems(tx.db, cart)
      const invoiceId = newId()
      await tx.emit('invoice.created', { invoiceId, storeId: cart.store_id, status: 'pending' })
      const lowStock = Number(own['lowStock'])
      for (const { productId, before, now } of left)
        if (now === 0 || (before > lowStock && now <= lowStock))
          await tx.emit('product.low', { productId, storeId: cart.store_id, stock: now })
      const row = await write(tx, {
        id: invoiceId,
        storeId: cart.store_id,
        cartId: id,
        amount: total,
        currency: cart.currency,
        buyerEmail,
        method: method.name,
        minutes: Number(own['invoiceMinutes']),
        underpaidPercent: String(own['underpaidPercent']),
        items,
      })
      made = { invoice: view.showNew(row, { items, offered, own }), method }
      return invoiceId
    }
    const invoiceId = await world.transaction(order).catch((error: unknown) => {
      if (error instanceof Answered) return error.answer as string // what `order` gave before
      throw error
    })
    const method = made?.method ?? (await accounts.choose(await storeIdOf(db, id), input.method))
    if (method.plugin)
      await requests.choose(invoiceId, method.name).catch((error: unknown) => {
        // The order stands: its page offers the other ways to pay, and this one again.
        if (!(error instanceof HttpError)) throw error
      })
    else if (made) return made.invoice
    return view.read(db, invoiceId)
  }
}

/** The address as the store asks for it; 422 where it does not fit. */
function buyerEmailOf(own: Readonly<Record<string, unknown>>, email: string): string {
  const isAsked = checkoutFacts(own).email
  return isAsked === 'none' || (isAsked === 'optional' && email.trim() === '')
    ? ''
    : emailOf('email', email)
}

async function storeIdOf(db: CoreDb, cartId: string): Promise<string> {
  const cart = await db
    .selectFrom('carts')
    .select('store_id')
    .where('id', '=', cartId)
    .executeTakeFirst()
  if (!cart) throw notFound('cart')
  return cart.store_id
}

/** Holds the cart: a second checkout of it waits here; with what of its store the order goes by. What lies in it is read after that. */
async function holdCart(db: CoreDb, id: string) {
  const [cart] = await cartHeld(db, { id })
  if (!cart) throw notFound('cart')
  return cart
}

const cartHeld = compiledOnce((db, { id }: { readonly id: string }) =>
  db
    .selectFrom('carts')
    .innerJoin('stores', 'stores.id', 'carts.store_id')
    .select((within) => [
      'carts.id',
      'carts.store_id',
      'stores.currency',
      jsonArrayFrom(
        within
          .selectFrom('payment_accounts')
          .select([...stateColumns])
          .whereRef('payment_accounts.store_id', '=', 'carts.store_id'),
      ).as('accounts'),
      jsonArrayFrom(listenersOf(db, sql<string>`carts.store_id`)).as('listeners'),
      sql<readonly SettingRow[]>`(
        select coalesce(json_agg(each), '[]') from (${storeSettingsSql('core', sql`carts.store_id`)}) as each
      )`.as('settings'),
    ])
    .where('carts.id', '=', id)
    .forUpdate('carts'),
)

interface Item {
  readonly product_id: string
  readonly name: string
  readonly quantity: number
  readonly price: string
  readonly total: string
  /** Its stock is counted. */
  readonly is_reserved: boolean
}

/** Holds every product of the cart to the end of the transaction, and says what they come to; refused where one lacks. */
async function holdItems(db: CoreDb, cart: Parameters<typeof showCart>[0]) {
  const rows = await itemsHeld(db, { cartId: cart.id })
  if (rows.length === 0) throw conflict('The cart is empty.')
  const lacking = rows.flatMap(({ id, name, status, stock, quantity }) => {
    const available = status === 'active' ? stock : 0
    return available !== null && available < quantity
      ? [{ field: id, says: lacks(name, available) }]
      : []
  })
  const [first] = lacking
  if (first) throw conflict(first.says, lacking)
  const inCart = rows.toSorted((left, right) => Number(left.seq) - Number(right.seq))
  const { items, total } = showCart(cart, inCart)
  return {
    total,
    items: items.map(({ productId, name, quantity, price, total: ofItem, available }): Item => ({
      product_id: productId,
      name,
      quantity,
      price,
      total: ofItem,
      is_reserved: available !== null,
    })),
    /** What is left of each product whose stock is counted. */
    left: rows.flatMap(({ id, stock, quantity }) =>
      stock === null ? [] : [{ productId: id, before: stock, now: stock - quantity }],
    ),
  }
}

// In one order everywhere: two transactions that want the same products wait, and do not deadlock.
const itemsHeld = compiledOnce((db, { cartId }: { readonly cartId: string }) =>
  itemsOf(db, cartId)
    .orderBy(sql`products.id collate "C"`)
    .forUpdate('products'),
)

/** Takes the stock, empties the cart, moves what is noted about it and writes the invoice down. The last of the transaction: all orders of a store wait for the row that counts them. */
async function write(tx: CoreTx, order: Order & { readonly items: readonly Item[] }) {
  const items = order.items.map((item, index) => ({ ...item, position: index + 1 }))
  const [row] = await tx.last(() => written(tx.db, { ...order, items: JSON.stringify(items) }))
  if (!row) throw new Error(`store ${order.storeId} went while an order of it was written down`)
  return row
}

interface Order {
  readonly id: string
  readonly storeId: string
  readonly cartId: string
  readonly amount: string
  readonly currency: string
  readonly buyerEmail: string
  readonly method: string
  readonly minutes: number
  /** Exact decimal text. */
  readonly underpaidPercent: string
}

const invoiceColumns = sql.join(
  (
    [
      'id',
      'seq',
      'store_id',
      'number',
      'status',
      'exception_status',
      'amount',
      'currency',
      'buyer_email',
      'method',
      'cart_id',
      'idempotency_key',
      'created_at',
      'expires_at',
      'paid_at',
      'completed_at',
      'underpaid_percent',
    ] satisfies (keyof InvoiceRow)[]
  ).map((name) => sql.ref(name)),
)

const written = compiledOnce(
  (_, { id, storeId, cartId, items, ...order }: Order & { readonly items: string }) =>
    sql<InvoiceRow>`
    with item as materialized (
      select * from jsonb_to_recordset(${items}::jsonb) as item (
        position integer, product_id text, name text, quantity integer, price numeric, total numeric, is_reserved boolean)
    ), taken as (
      update core.products set stock = stock - item.quantity from item
      where products.id = item.product_id and item.is_reserved
    ), emptied as (
      delete from core.cart_items where cart_id = ${cartId}
    ), noted as (
      delete from core.cart_metadata where record_id = ${cartId} returning namespace, value
    ), moved as (
      insert into core.invoice_metadata (record_id, namespace, value)
      select ${id}::text, namespace, value from noted
    ), listed as (
      insert into core.invoice_items (invoice_id, position, product_id, name, quantity, price, total, is_reserved)
      select ${id}::text, position, product_id, name, quantity, price, total, is_reserved from item
    ), counted as (
      update core.stores set next_invoice_number = next_invoice_number + 1
      where id = ${storeId} returning next_invoice_number - 1 as number
    )
    insert into core.invoices
      (id, store_id, number, status, amount, currency, buyer_email, method, cart_id, underpaid_percent, expires_at)
    select ${id}::text, ${storeId}::text, number, 'pending', ${order.amount}::numeric, ${order.currency}::text,
      ${order.buyerEmail}::text, ${order.method}::text, ${cartId}::text, ${order.underpaidPercent}::numeric,
      now() + make_interval(mins => ${order.minutes}::integer)
    from counted returning ${invoiceColumns}`,
)

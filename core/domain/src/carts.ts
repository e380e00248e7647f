import { sql } from 'kysely'
import type { Cart, Invoice } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'
import { Answered } from './asked.ts'
import type { Domain } from './domain.ts'
import type { Hooks } from './hooks.ts'
import type { InvoiceView } from './invoice-view.ts'
import { shown, sum, times } from './money.ts'
import { imageUrlOf } from './files.ts'
import type { PaymentAccounts } from './payment-accounts.ts'
import type { PaymentRequests } from './payment-requests.ts'
import { conflict, emailOf, notFound, unfit } from './refusals.ts'
import { checkoutFacts, storeOrFirst } from './stores.ts'
import { newId, type CoreDb, type CoreTx, type World } from './world.ts'

const maxItems = 100
const maxQuantity = 10_000

/** What a visitor is about to buy. Nothing is reserved until checkout. */
export function createCarts(
  world: World,
  parts: {
    readonly view: InvoiceView
    readonly accounts: PaymentAccounts
    readonly requests: PaymentRequests
    readonly hooks: Hooks
  },
  settings: Domain['settings'],
): Domain['carts'] {
  const { db } = world
  return {
    async create(storeId) {
      return world.transaction(async (tx) => {
        const store = await storeOrFirst(tx.db, storeId)
        const id = newId()
        await tx.db.insertInto('carts').values({ id, store_id: store.id }).execute()
        return readCart(tx.db, id)
      })
    },
    get: (id) => readCart(db, id),
    async setItem(id, productId, quantity) {
      if (!Number.isInteger(quantity) || quantity < 0 || quantity > maxQuantity)
        throw unfit('quantity', `must be a whole number from 0 to ${maxQuantity}`)
      return world.transaction(async (tx) => {
        const cart = await tx.db
          .updateTable('carts')
          .set({ updated_at: sql<Date>`now()` })
          .where('id', '=', id)
          .returning(['store_id'])
          .executeTakeFirst()
        if (!cart) throw notFound('cart')
        if (quantity === 0) {
          await tx.db
            .deleteFrom('cart_items')
            .where('cart_id', '=', id)
            .where('product_id', '=', productId)
            .execute()
          return readCart(tx.db, id)
        }
        const product = await tx.db
          .selectFrom('products')
          .select(['name', 'stock'])
          .where('id', '=', productId)
          .where('store_id', '=', cart.store_id)
          .where('status', '=', 'active')
          .executeTakeFirst()
        if (!product) throw notFound('product')
        if (product.stock !== null && product.stock < quantity)
          throw conflict(lacks(product.name, product.stock), [
            { field: 'quantity', says: `must be at most ${product.stock}` },
          ])
        await tx.db
          .insertInto('cart_items')
          .values({ cart_id: id, product_id: productId, quantity })
          .onConflict((on) => on.columns(['cart_id', 'product_id']).doUpdateSet({ quantity }))
          .execute()
        const next = await readCart(tx.db, id)
        if (next.items.length > maxItems) throw unfit('items', `must be at most ${maxItems}`)
        return next
      })
    },
    async checkout(id, given) {
      const asked = { ...given, email: given.email ?? '' }
      const input = await parts.hooks.pass('checkout.starting', asked, async () => {
        const cart = await readCart(db, id)
        // A cart that was ordered is empty: the same request again is no new order.
        return cart.items.length === 0 ? null : { cart }
      })
      const storeId = await storeIdOf(db, id)
      const method = await parts.accounts.choose(storeId, input.method)
      const own = await settings.ofStore('core', storeId)
      const { invoiceMinutes, lowStock } = own
      const isAsked = checkoutFacts(own).email
      const buyerEmail =
        isAsked === 'none' || (isAsked === 'optional' && input.email.trim() === '')
          ? ''
          : emailOf('email', input.email)
      const make = async (tx: CoreTx) => {
        // Holds the cart: a second checkout of it waits here.
        const held = await tx.db
          .selectFrom('carts')
          .select(['id', 'store_id'])
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst()
        if (!held) throw notFound('cart')
        const { cart, left } = await reserve(tx.db, id)
        const { number } = await tx.db
          .updateTable('stores')
          .set((set) => ({ next_invoice_number: set('next_invoice_number', '+', 1) }))
          .where('id', '=', held.store_id)
          .returning((row) => row('next_invoice_number', '-', 1).as('number'))
          .executeTakeFirstOrThrow()
        const invoice = await tx.db
          .insertInto('invoices')
          .values({
            id: newId(),
            store_id: held.store_id,
            number,
            status: 'pending',
            amount: cart.total,
            currency: cart.currency,
            buyer_email: buyerEmail,
            method: method.name,
            cart_id: id,
            expires_at: sql<Date>`now() + make_interval(mins => ${Number(invoiceMinutes)}::integer)`,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await insertItems(tx, invoice.id, cart)
        await tx.db.deleteFrom('cart_items').where('cart_id', '=', id).execute()
        await tx.emit('invoice.created', {
          invoiceId: invoice.id,
          storeId: held.store_id,
          status: 'pending',
        })
        for (const { productId, before, now } of left)
          if (now === 0 || (before > Number(lowStock) && now <= Number(lowStock)))
            await tx.emit('product.low', { productId, storeId: held.store_id, stock: now })
        return invoice.id
      }
      const invoiceId = await world.transaction(make).catch((error: unknown) => {
        if (error instanceof Answered) return error.answer as string // what `make` gave before
        throw error
      })
      if (method.plugin)
        await parts.requests.choose(invoiceId, method.name).catch((error: unknown) => {
          // The order stands: its page offers the other ways to pay, and this one again.
          if (!(error instanceof HttpError)) throw error
        })
      return parts.view.read(db, invoiceId) satisfies Promise<Invoice>
    },
  }
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

interface Reserved {
  readonly cart: Cart
  /** What is left of each product whose stock is counted. */
  readonly left: readonly {
    readonly productId: string
    readonly before: number
    readonly now: number
  }[]
}

/** Takes every item off the shelf, or none: the caller's transaction ends where one lacks. */
async function reserve(db: CoreDb, cartId: string): Promise<Reserved> {
  // In one order everywhere: two transactions that want the same products wait, and do not deadlock.
  const products = await db
    .selectFrom('products')
    .select(['id', 'name', 'status', 'stock'])
    .where('id', 'in', (within) =>
      within.selectFrom('cart_items').select('product_id').where('cart_id', '=', cartId),
    )
    .orderBy(sql`id collate "C"`)
    .forUpdate()
    .execute()
  const cart = await readCart(db, cartId)
  if (cart.items.length === 0) throw conflict('The cart is empty.')
  const wanted = new Map(cart.items.map((item) => [item.productId, item.quantity]))
  const lacking = products.flatMap((product) => {
    const available = product.status === 'active' ? product.stock : 0
    return available !== null && available < (wanted.get(product.id) ?? 0)
      ? [{ field: product.id, says: lacks(product.name, available) }]
      : []
  })
  const [first] = lacking
  if (first) throw conflict(first.says, lacking)
  const left: Reserved['left'][number][] = []
  for (const product of products) {
    if (product.stock === null) continue
    const taken = wanted.get(product.id) ?? 0
    await db
      .updateTable('products')
      .set((set) => ({ stock: set('stock', '-', taken) }))
      .where('id', '=', product.id)
      .execute()
    left.push({ productId: product.id, before: product.stock, now: product.stock - taken })
  }
  return { cart, left }
}

async function insertItems(tx: CoreTx, invoiceId: string, cart: Cart) {
  const counted = await tx.db
    .selectFrom('products')
    .select('id')
    .where('stock', 'is not', null)
    .where(
      'id',
      'in',
      cart.items.map((item) => item.productId),
    )
    .execute()
  const isCounted = new Set(counted.map((row) => row.id))
  await tx.db
    .insertInto('invoice_items')
    .values(
      cart.items.map((item, index) => ({
        invoice_id: invoiceId,
        position: index + 1,
        product_id: item.productId,
        name: item.name,
        quantity: item.quantity,
        price: item.price,
        total: item.total,
        is_reserved: isCounted.has(item.productId),
      })),
    )
    .execute()
}

async function readCart(db: CoreDb, id: string): Promise<Cart> {
  const cart = await db
    .selectFrom('carts')
    .innerJoin('stores', 'stores.id', 'carts.store_id')
    .select(['carts.id', 'carts.store_id', 'stores.currency'])
    .where('carts.id', '=', id)
    .executeTakeFirst()
  if (!cart) throw notFound('cart')
  const rows = await db
    .selectFrom('cart_items')
    .innerJoin('products', 'products.id', 'cart_items.product_id')
    .select([
      'products.id',
      'products.name',
      'products.image_id',
      'products.price',
      'products.stock',
      'products.status',
      'cart_items.quantity',
    ])
    .where('cart_items.cart_id', '=', id)
    .orderBy('cart_items.seq')
    .execute()
  const items = rows.map((row) => {
    const price = shown(row.price, cart.currency)
    return {
      productId: row.id,
      name: row.name,
      imageUrl: imageUrlOf(row.image_id),
      quantity: row.quantity,
      price,
      total: shown(times(price, row.quantity), cart.currency),
      available: row.status === 'active' ? row.stock : 0,
    }
  })
  return {
    id: cart.id,
    storeId: cart.store_id,
    items,
    total: shown(sum(items.map((item) => item.total)), cart.currency),
    currency: cart.currency,
  }
}

const lacks = (name: string, stock: number) =>
  stock === 0 ? `${name} is sold out.` : `Only ${stock} of ${name} are left.`

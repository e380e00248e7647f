import { sql } from 'kysely'
import type { CartNotesRules } from './cart-notes.ts'
import { lacks, readCart } from './cart-view.ts'
import type { Domain } from './domain.ts'
import { note } from './metadata.ts'
import { conflict, notFound, unfit } from './refusals.ts'
import { storeOrFirst } from './stores.ts'
import { newId, type World } from './world.ts'

const maxItems = 100
const maxQuantity = 10_000

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]) =>
  left < right ? -1 : 1

/** What a visitor is about to buy. Nothing is reserved until checkout. */
export function createCarts(
  world: World,
  notes: CartNotesRules,
  checkout: Domain['carts']['checkout'],
): Domain['carts'] {
  const { db } = world
  return {
    async create(storeId) {
      return world.transaction(async (tx) => {
        const store = await storeOrFirst(tx.db, storeId)
        const id = newId()
        await tx.db.insertInto('carts').values({ id, store_id: store.id }).execute()
        return readCart(tx.db, notes, id)
      })
    },
    get: (id) => readCart(db, notes, id),
    async update(id, { metadata }) {
      notes.check(metadata)
      return world.transaction(async (tx) => {
        // In one order everywhere: two changes of one cart wait, and do not deadlock.
        for (const [plugin, values] of Object.entries(metadata).toSorted(byName))
          await note(tx.db, 'cart', id, plugin, values)
        return readCart(tx.db, notes, id)
      })
    },
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
          return readCart(tx.db, notes, id)
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
        const next = await readCart(tx.db, notes, id)
        if (next.items.length > maxItems) throw unfit('items', `must be at most ${maxItems}`)
        return next
      })
    },
    checkout,
  }
}

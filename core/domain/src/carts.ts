import { sql } from 'kysely'
import { lacks, readCart } from './cart-view.ts'
import type { Domain } from './domain.ts'
import { conflict, notFound, unfit } from './refusals.ts'
import { storeOrFirst } from './stores.ts'
import { newId, type World } from './world.ts'

const maxItems = 100
const maxQuantity = 10_000

/** What a visitor is about to buy. Nothing is reserved until checkout. */
export function createCarts(world: World, checkout: Domain['carts']['checkout']): Domain['carts'] {
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
    checkout,
  }
}

import { sql, type Selectable } from 'kysely'
import type { Cart, Metadata } from '@bitcartcc/sdk/resources'
import type { CartNotesRules } from './cart-notes.ts'
import { imageUrlOf } from './files.ts'
import { shown, sum, times } from './money.ts'
import { notFound } from './refusals.ts'
import type { CoreTables } from './tables.ts'
import type { CoreDb } from './world.ts'

/** Columns of a row of `itemsOf`. */
type ItemRow = Pick<
  Selectable<CoreTables['products']>,
  'id' | 'name' | 'image_id' | 'price' | 'stock' | 'status'
> &
  Pick<Selectable<CoreTables['cart_items']>, 'quantity' | 'seq'>

/** A cart as the API shows it; 404 where there is none. */
export async function readCart(
  db: CoreDb,
  { openOf }: Pick<CartNotesRules, 'openOf'>,
  id: string,
): Promise<Cart> {
  const cart = await db
    .selectFrom('carts')
    .innerJoin('stores', 'stores.id', 'carts.store_id')
    .select(['carts.id', 'carts.store_id', 'stores.currency'])
    .select(
      sql<Metadata | null>`(select jsonb_object_agg(namespace, value order by namespace)
        from core.cart_metadata where record_id = carts.id)`.as('noted'),
    )
    .where('carts.id', '=', id)
    .executeTakeFirst()
  if (!cart) throw notFound('cart')
  return {
    ...showCart(cart, await itemsOf(db, id).orderBy('cart_items.seq').execute()),
    metadata: openOf(cart.noted ?? {}),
  }
}

/** What lies in a cart, with its products, in no order. */
export const itemsOf = (db: CoreDb, cartId: string) =>
  db
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
      'cart_items.seq',
    ])
    .where('cart_items.cart_id', '=', cartId)

/** The items in the order of the rows. */
export function showCart(
  cart: { readonly id: string; readonly store_id: string; readonly currency: string },
  rows: readonly ItemRow[],
): Omit<Cart, 'metadata'> {
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

export const lacks = (name: string, stock: number) =>
  stock === 0 ? `${name} is sold out.` : `Only ${stock} of ${name} are left.`

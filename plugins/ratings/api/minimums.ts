import type { Context } from '@bitcartcc/sdk/server'
import type { Ratings } from '../plugin.gen.ts'

/** The lowest rating shown of each product, as its store sets it; a product that is gone is not among them. */
export async function minimumsOf(
  { db, storeSettings }: Pick<Context<Ratings>, 'db' | 'storeSettings'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const products = await db
    .selectFrom('core_v1.products')
    .select(['id', 'store_id'])
    .where('id', 'in', ids)
    .execute()
  const found = new Map<string, number>()
  for (const [storeId, own] of Map.groupBy(products, (product) => product.store_id)) {
    const { minimum } = await storeSettings(storeId)
    for (const { id } of own) found.set(id, minimum)
  }
  return found
}

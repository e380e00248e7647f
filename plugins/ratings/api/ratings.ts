import type { Db } from '@bitcartcc/sdk/server'
import type { Ratings } from '../plugin.gen.ts'
import type { ProductRatings, Summary } from './shapes.ts'

/** Average and number of ratings of each product, in the order asked; ratings below its lowest shown count for neither. */
export async function summariesOf(
  db: Db<Ratings>,
  ids: readonly string[],
  minimums: ReadonlyMap<string, number>,
): Promise<Summary[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('tallies')
    .select(['product_id', 'stars', 'count'])
    .where('product_id', 'in', ids)
    .execute()
  const shown = rows.filter((row) => row.stars >= (minimums.get(row.product_id) ?? Infinity))
  const tallies = Map.groupBy(shown, (row) => row.product_id)
  return ids.map((productId) => ({ productId, ...averageOf(tallies.get(productId) ?? []) }))
}

/** All the store shows of one product's ratings to one visitor. */
export async function ratingsOf(
  db: Db<Ratings>,
  productId: string,
  minimums: ReadonlyMap<string, number>,
  visitor: string,
): Promise<ProductRatings> {
  const [summary] = await summariesOf(db, [productId], minimums)
  if (!summary) throw new Error('one product gives one summary')
  const mine = await db
    .selectFrom('votes')
    .select(['stars', 'comment'])
    .where('product_id', '=', productId)
    .where('visitor', '=', visitor)
    .executeTakeFirst()
  const comments = await db
    .selectFrom('votes')
    .select(['id', 'stars', 'comment', 'created_at'])
    .where('product_id', '=', productId)
    .where('stars', '>=', minimums.get(productId) ?? 6)
    .where('comment', '!=', '')
    .orderBy('updated_at', 'desc')
    .limit(10)
    .execute()
  return {
    ...summary,
    mine: mine ?? null,
    comments: comments.map(({ created_at, ...rest }) => ({
      ...rest,
      createdAt: created_at.toISOString(),
    })),
  }
}

/** Exact in whole stars, then rounded to two digits. */
export function averageOf(tallies: readonly { readonly stars: number; readonly count: number }[]) {
  const count = tallies.reduce((sum, tally) => sum + tally.count, 0)
  const stars = tallies.reduce((sum, tally) => sum + tally.stars * tally.count, 0)
  return { average: count === 0 ? null : Math.round((stars * 100) / count) / 100, count }
}

import type { Db } from '@bitcartcc/sdk/server'
import type { Ratings } from '../plugin.gen.ts'
import type { Vote } from './shapes.ts'

const pageSize = 50

interface Filter {
  readonly search?: string | undefined
  readonly stars?: string | undefined
  readonly cursor?: string | undefined
}

/** One page of votes, newest first; finds by product and comment. */
export async function votePage(
  db: Db<Ratings>,
  filter: Filter,
): Promise<{ items: Vote[]; next: string | null }> {
  let query = db
    .selectFrom('votes')
    .leftJoin('core_v1.products as product', 'product.id', 'votes.product_id')
    .select([
      'votes.id',
      'votes.product_id',
      'votes.stars',
      'votes.comment',
      'votes.created_at',
      'product.name',
    ])
  if (filter.stars !== undefined) query = query.where('votes.stars', '=', Number(filter.stars))
  if (filter.cursor !== undefined) query = query.where('votes.id', '<', filter.cursor)
  const search = filter.search?.replaceAll('\0', '').trim()
  if (search) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`
    query = query.where((where) =>
      where.or([where('product.name', 'ilike', pattern), where('votes.comment', 'ilike', pattern)]),
    )
  }
  const rows = await query
    .orderBy('votes.id', 'desc')
    .limit(pageSize + 1)
    .execute()
  const items = rows.slice(0, pageSize).map((row) => ({
    id: row.id,
    productId: row.product_id,
    productName: row.name,
    stars: row.stars,
    comment: row.comment,
    createdAt: row.created_at.toISOString(),
  }))
  return { items, next: rows.length > pageSize ? (items.at(-1)?.id ?? null) : null }
}

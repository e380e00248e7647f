import { createHash } from 'node:crypto'
import type { Db, Tx } from '@bitcartcc/sdk/server'
import type { Ratings } from '../plugin.gen.ts'

/** What a vote is kept under: tells visitors apart and names none. */
export const visitorHash = (visitor: string) =>
  createHash('sha256').update(`ratings\0${visitor}`).digest('base64url')

interface Ballot {
  readonly productId: string
  readonly visitor: string
  readonly stars: number
  readonly comment?: string | undefined
}

/** Writes the one vote of a visitor on a product, new or changed, and keeps the tallies. */
export async function castVote(
  t: Tx<Ratings>,
  { productId, visitor, stars, comment }: Ballot,
): Promise<void> {
  const before = await insertOrLock(t.db, { productId, visitor, stars, comment })
  if (before) {
    await t.db
      .updateTable('votes')
      .set({
        stars,
        ...(comment === undefined ? {} : { comment: plain(comment) }),
        updated_at: new Date(),
      })
      .where('id', '=', before.id)
      .execute()
  }
  if (before?.stars === stars) return
  const steps: { stars: number; by: 1 | -1 }[] = [
    { stars, by: 1 },
    ...(before ? [{ stars: before.stars, by: -1 as const }] : []),
  ]
  // One order for all: two visitors who swap their stars must not wait for each other.
  for (const step of steps.toSorted((left, right) => left.stars - right.stars))
    await count(t.db, productId, step.stars, step.by)
  await t.emit('voted', { productId, stars })
}

/** Deletes one vote; says whether there was one. */
export async function removeVote(t: Tx<Ratings>, id: string): Promise<boolean> {
  const vote = await t.db
    .deleteFrom('votes')
    .where('id', '=', id)
    .returning(['product_id', 'stars'])
    .executeTakeFirst()
  if (!vote) return false
  await count(t.db, vote.product_id, vote.stars, -1)
  return true
}

/** Inserts the first vote, or gives the vote that stands there, locked. */
async function insertOrLock(db: Db<Ratings>, { productId, visitor, stars, comment = '' }: Ballot) {
  const inserted = await db
    .insertInto('votes')
    .values({ product_id: productId, visitor, stars, comment: plain(comment) })
    .onConflict((on) => on.columns(['product_id', 'visitor']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) return undefined
  return db
    .selectFrom('votes')
    .select(['id', 'stars'])
    .where('product_id', '=', productId)
    .where('visitor', '=', visitor)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

async function count(db: Db<Ratings>, productId: string, stars: number, by: 1 | -1) {
  if (by === -1) {
    await db
      .updateTable('tallies')
      .set((set) => ({ count: set('count', '-', 1) }))
      .where('product_id', '=', productId)
      .where('stars', '=', stars)
      .where('count', '>', 0)
      .execute()
    return
  }
  await db
    .insertInto('tallies')
    .values({ product_id: productId, stars, count: 1 })
    .onConflict((on) =>
      on
        .columns(['product_id', 'stars'])
        .doUpdateSet((set) => ({ count: set('tallies.count', '+', 1) })),
    )
    .execute()
}

/** PostgreSQL keeps no NUL. */
const plain = (comment: string) => comment.replaceAll('\0', '').trim()

import type { Db } from '@bitcartcc/sdk/server'
import type { Ratings } from '../plugin.gen.ts'

/** Counts every vote again, in the transaction that is given; gives how many there are. */
export async function countAgain(db: Db<Ratings>): Promise<number> {
  // Votes of others wait here, and add themselves to what is counted below.
  await db
    .selectFrom('tallies')
    .select('stars')
    .orderBy('product_id')
    .orderBy('stars')
    .forUpdate()
    .execute()
  await db
    .insertInto('tallies')
    .columns(['product_id', 'stars', 'count'])
    .expression((from) =>
      from
        .selectFrom('votes')
        .select(({ fn, cast }) => [
          'product_id',
          'stars',
          cast<number>(fn.countAll(), 'integer').as('count'),
        ])
        .groupBy(['product_id', 'stars']),
    )
    .onConflict((on) =>
      on
        .columns(['product_id', 'stars'])
        .doUpdateSet((set) => ({ count: set.ref('excluded.count') })),
    )
    .execute()
  await db
    .deleteFrom('tallies')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('votes')
            .select('votes.id')
            .whereRef('votes.product_id', '=', 'tallies.product_id')
            .whereRef('votes.stars', '=', 'tallies.stars'),
        ),
      ),
    )
    .execute()
  const { count } = await db
    .selectFrom('votes')
    .select(({ fn, cast }) => cast<number>(fn.countAll(), 'integer').as('count'))
    .executeTakeFirstOrThrow()
  return count
}

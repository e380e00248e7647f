import { job } from '../plugin.gen.ts'

/** Counts every vote again, so that a tally that went wrong is wrong for a day at most. */
export default job('recount', (_, { tx }) =>
  tx(async (t) => {
    // Votes of others wait here, and add themselves to what is counted below.
    await t.db
      .selectFrom('tallies')
      .select('stars')
      .orderBy('product_id')
      .orderBy('stars')
      .forUpdate()
      .execute()
    await t.db
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
    await t.db
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
  }),
)

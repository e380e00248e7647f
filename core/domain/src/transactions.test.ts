import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql, type Kysely } from 'kysely'
import { compiledOnce } from './compiled-once.ts'
import { endingWith } from './database.ts'
import { databases, type TestDatabase } from './test-support.ts'
import type { CoreDb } from './world.ts'

describe.each(databases)('on $name', { timeout: 60_000 }, ({ open }) => {
  let at: TestDatabase
  let db: Kysely<unknown>
  beforeAll(async () => {
    at = await open()
    db = at.database.db
    await sql`create table kept (number integer primary key)`.execute(db)
  }, 60_000)
  afterAll(() => at.close())

  const put = (within: Kysely<unknown>, number: number) =>
    sql`insert into kept (number) values (${number})`.execute(within)
  const kept = async () =>
    (await sql<{ number: number }>`select number from kept order by number`.execute(db)).rows.map(
      (row) => row.number,
    )

  test('a transaction stands whole, or not at all, also where its end goes with its last statement', async () => {
    const seen: unknown[] = []
    const attempt = (run: (within: Kysely<unknown>) => Promise<unknown>) =>
      db
        .transaction()
        .execute(run)
        .then(
          () => seen.push('stands'),
          (error: Error) => seen.push(error.message),
        )
    await attempt(async (within) => {
      await put(within, 1)
      return endingWith(() => put(within, 2))
    })
    await attempt(async (within) => {
      await put(within, 3)
      return endingWith(() => put(within, 1))
    })
    await attempt(async (within) => {
      await put(within, 1)
      return endingWith(() => put(within, 4))
    })
    await attempt(async (within) => {
      await put(within, 5)
      throw new Error('not after all')
    })
    await attempt(async () => {})
    await attempt(async (within) => endingWith(() => sql`select ${'\0'}`.execute(within)))
    await attempt((within) => put(within, 6))
    expect({ seen, kept: await kept() }).toEqual({
      seen: [
        'stands',
        'duplicate key value violates unique constraint "kept_pkey"',
        'duplicate key value violates unique constraint "kept_pkey"',
        'not after all',
        'stands',
        'A text must not contain a NUL character.',
        'stands',
      ],
      kept: [1, 2, 6],
    })
  })

  test('what is asked often is prepared once a connection, and again on the one that follows it', async () => {
    const sum = compiledOnce(
      (_, { number }: { readonly number: number }) =>
        sql<{ pid: number; sum: number }>`
        select pg_backend_pid() as pid, sum(number + ${number}::integer)::integer as sum from kept where number < 3`,
    )
    const prepared = async (within: Kysely<unknown>) =>
      (
        await sql<{ count: number }>`
          select count(*)::integer as count from pg_prepared_statements where statement like '%sum(number%'
            and statement not like '%pg_prepared_statements%'`.execute(within)
      ).rows[0]?.count
    const ask = () =>
      db.connection().execute(async (within) => {
        const coreDb = within as CoreDb // of no table of core
        const sums = [await sum(coreDb, { number: 1 }), await sum(coreDb, { number: 2 })]
        return [sums.map(([row]) => row?.sum), await prepared(within)]
      })
    expect(await ask()).toEqual([[5, 7], 1])
    const client = await at.database.pool.connect()
    client.release(true)
    expect((await ask())[0]).toEqual([5, 7])
  })
})

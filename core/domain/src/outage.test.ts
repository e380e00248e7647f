import { sql } from 'kysely'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { databaseOver } from './database.ts'
import { outageOf } from './outage.ts'

test('a database that is away, ends or has no room is told from what is wrong with a question', async () => {
  const pool = new pg.Pool({ host: '127.0.0.1', port: 1 }) // where nobody listens
  const { db, close } = databaseOver(pool, 'postgres', async () => {})
  onTestFinished(close)
  const away: unknown = await sql`select 1`.execute(db).catch((error: unknown) => error)
  const outside: unknown = await db
    .transaction()
    .execute(() => sql`select 1`.execute(db))
    .catch((error: unknown) => error)
  const told = (code: string) =>
    outageOf(Object.assign(new Error('what it says'), { severity: 'ERROR', code }))
  const gone = 'The database does not answer at the moment. Try again shortly.'
  expect({
    away: outageOf(away),
    inTransaction: outageOf(outside),
    ends: told('57P01'),
    begins: told('57P03'),
    isBusy: told('53300'),
    isFull: told('53100'),
    isTwice: told('23505'),
    isCancelled: told('57014'),
    isAnothers: outageOf(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })),
  }).toEqual({
    away: gone,
    inTransaction: gone,
    ends: gone,
    begins: gone,
    isBusy: gone,
    isFull: 'The disk of the database is full: nothing can be stored until there is room.',
    isTwice: undefined,
    isCancelled: undefined,
    isAnothers: undefined,
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openEmpty } from '../check/test-embedded.ts'
import { lockOf, strongest } from './locks.ts'
import { statementsOf } from './statements.ts'

const work = mkdtempSync(join(tmpdir(), 'compose-locks-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const oneOf = async (sql: string) => {
  const parsed = await statementsOf(sql)
  if ('error' in parsed || !parsed.statements[0]) throw new Error(`no statement: ${sql}`)
  return parsed.statements[0]
}

// Of everything that may stand in a transaction: what is told is what PostgreSQL holds once the statement has run.
test('the lock that is told is the lock that PostgreSQL takes', async () => {
  const { pool, close } = await openEmpty(work)
  await pool.query(
    'create table users (id int primary key); create table points (id int primary key, user_id int, note text); create view notes as select note from points; create index points_note on points (note); alter table points add constraint positive check (id > 0) not valid',
  )
  const held = async (sql: string, table: string) => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query(sql)
      const { rows } = await client.query<{ mode: string }>(
        `select mode from pg_locks where relation = (select oid from pg_class where relname = $1) and mode like '%Lock'`,
        [table],
      )
      return rows.map(({ mode }) =>
        mode
          .replace(/Lock$/, '')
          .replaceAll(/(?<=[a-z])([A-Z])/g, ' $1')
          .toLowerCase(),
      )
    } finally {
      await client.query('rollback')
      client.release()
    }
  }
  const found: Record<string, unknown> = {}
  for (const [sql, table] of [
    ['create table marks (id int references users (id))', 'users'],
    ['create table marks (id int, foreign key (id) references users (id))', 'users'],
    ['create index on points (user_id)', 'points'],
    ['drop index points_note', 'points'],
    ['alter table points add column level int', 'points'],
    ['alter table points validate constraint positive', 'points'],
    ['alter table points add foreign key (user_id) references users (id) not valid', 'points'],
    [
      'alter table points add foreign key (user_id) references users (id), drop note cascade',
      'points',
    ],
    ['alter table points rename column note to words', 'points'],
    ['insert into points values (1, 1, null)', 'points'],
    ['update points set id = 2', 'points'],
    ['delete from points', 'points'],
    ['truncate points', 'points'],
    ["comment on table points is 'points'", 'points'],
    ['create statistics pairs (dependencies) on id, user_id from points', 'points'],
    ['create table copies as select * from points', 'points'],
    ['create or replace view notes as select note, id from points', 'notes'],
    ['select * from points', 'points'],
  ] as const) {
    const told = lockOf(await oneOf(sql), new Set())
    const taken = await held(sql, table)
    if (told === undefined || told !== strongest(taken)) found[sql] = { told, taken }
  }
  await close()
  expect(found).toEqual({})
})

test('what runs outside of a transaction locks less, and what a file has made itself is nobody’s', async () => {
  const told = async (sql: string, ...made: readonly string[]) =>
    lockOf(await oneOf(sql), new Set(made))
  expect([
    await told('create index concurrently on points (id)'),
    await told('drop index concurrently points_note'),
    await told('create table points (id int)'),
    await told('create index on points (id)', 'points'),
    await told('alter table points add column level int', 'points'),
    await told("create type kind as enum ('a')"),
  ]).toEqual([
    'share update exclusive',
    'share update exclusive',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { sql } from 'kysely'
import { compiledOnce } from './compiled-once.ts'
import { openDatabase } from './database.ts'
import { migrate } from './migrator.ts'
import { startPglite } from './pglite.ts'
import { layEmptyDatabase } from './test-rows.ts'
import { corePlan } from './test-support.ts'
import type { CoreDb } from './world.ts'

// A PostgreSQL at an address, of which each test replaces the one function that it asks.

const work = mkdtempSync(join(tmpdir(), 'bitcartcc-database-'))
let lite: PGlite
let server: Server
let url = ''
beforeAll(async () => {
  layEmptyDatabase(work)
  lite = await startPglite({ dataDir: join(work, 'database/rows') })
  await lite.exec('create schema first; set search_path = first, pg_catalog, public')
  server = createServer((socket) => {
    let isStarted = false
    socket.on('data', (data: Buffer) => {
      if (isStarted) {
        void lite.execProtocolRaw(data).then((answer) => socket.write(answer))
        return
      }
      isStarted = true
      // Welcome, and ready for a query.
      socket.write(Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1'))
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  url = `postgres://shop:open-sesame@127.0.0.1:${(server.address() as AddressInfo).port}/shop` // a TCP server has one
}, 60_000)
afterAll(async () => {
  server.close()
  await lite.close()
  rmSync(work, { recursive: true, force: true })
})

/** What is told where a function of PostgreSQL gives this. */
async function told(replaced: string, run: () => Promise<unknown>): Promise<string> {
  await lite.exec(`create function first.${replaced}`)
  try {
    return await run().then(
      () => 'nothing was refused',
      (error: unknown) => {
        if (!(error instanceof Refused)) throw error
        return error.problems
          .map(problemText)
          .join('\n')
          .replace(/127\.0\.0\.1:\d+/, 'HOST')
      },
    )
  } finally {
    await lite.exec(`drop function first.${replaced.slice(0, replaced.indexOf(')') + 1)}`)
  }
}

test('a PostgreSQL that is too old is told by its version', async () => {
  expect(
    await told(`current_setting(text) returns text language sql as $$ select '140011' $$`, () =>
      openDatabase({ url, dataDir: '/' }),
    ),
  ).toMatchInlineSnapshot(`
    "✗ PostgreSQL 14 is too old: this distribution needs 15 or later.

        HOST/shop   PostgreSQL 14

      Fix: Upgrade the server, or point DATABASE_URL at a newer one.

      More: compose explain start/postgres-too-old
    "
  `)
})

/** Migrates without waiting for another one. */
async function migrateNow() {
  const { pool, close } = await openDatabase({ url, dataDir: '/' })
  try {
    await migrate(pool, corePlan(), { lockTimeoutMs: 0 })
  } finally {
    await close()
  }
}

test('a migration beside another one is told who holds the lock', async () => {
  expect(
    await told(
      'pg_try_advisory_lock(integer, integer) returns boolean language sql as $$ select false $$',
      migrateNow,
    ),
  ).toMatchInlineSnapshot(`
    "✗ Another migration is running on this database.

        held by   a process that is gone by now
        waited    0 s

      Nothing was migrated.

      Fix: Wait for it to end and run migrate again.

      More: compose explain migrate/locked
    "
  `)
})

test('a pooler is known by its connections: each statement has another', async () => {
  await lite.exec('create sequence if not exists first.backends')
  expect(
    await told(
      `pg_backend_pid() returns integer language sql as $$ select nextval('first.backends')::integer $$`,
      migrateNow,
    ),
  ).toMatchInlineSnapshot(`
    "✗ DATABASE_URL leads to a pooler that gives each statement another connection.

      Nothing was migrated.

      Fix: Give migrate the direct address of PostgreSQL in DATABASE_URL.

      More: compose explain migrate/pooler
    "
  `)
})

test('behind a pooler nothing is prepared: its next statement may be another connection’s', async () => {
  const { db, close } = await openDatabase({ url, dataDir: '/' })
  try {
    const half = compiledOnce(
      (_, { of }: { readonly of: number }) =>
        sql<{ half: number }>`select ${of}::integer / 2 as half`,
    )
    const asked = db as CoreDb // of no table of core
    expect([await half(asked, { of: 4 }), await half(asked, { of: 6 })]).toEqual([
      [{ half: 2 }],
      [{ half: 3 }],
    ])
    const { rows } = await lite.query(
      `select name from pg_prepared_statements where name like 'core%'`,
    )
    expect(rows).toEqual([])
  } finally {
    await close()
  }
})

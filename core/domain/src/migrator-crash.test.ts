import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import pg from 'pg'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { wasmFlags } from '../../../test/support/wasm-flags.ts'
import { openDatabase, type Database } from './database.ts'
import type { MigrationPlan } from './migration-plan.ts'
import { migrate, pending } from './migrator.ts'
import { readSchema } from './schema-objects.ts'
import { layEmptyDatabase } from './test-rows.ts'
import { planWith } from './test-support.ts'

const start = seed()
const guests = {
  '0001_guests':
    'create table guests (id text primary key, product_id text references core.products (id));\ninsert into guests (id) values (1), (2), (3);\ncreate view wishes as select g.id, p.name from guests g join core_v1.products p on p.id = g.product_id;\n',
}
const tips = {
  '0001_tips':
    'create table tips (id bigint generated always as identity primary key, amount int not null);\ncreate index tips_amount on tips (amount);\n',
  '0002_rows':
    'insert into tips (amount) values (1), (2);\nupdate tips set amount = amount * 10;\ninsert into tips (amount) select amount + 1 from tips;\n',
  '0003_alone': 'create index concurrently tips_alone on tips (amount, id);\n',
  '0004_more':
    "alter table tips add column note text not null default '';\nalter table tips drop column note;\nalter table tips add column words text;\n",
  '0005_words':
    "update tips set words = 'said' where id in (select id from tips where words is null limit 2);\n",
}
const before = planWith('guests', guests)
/** Tables of one plugin come, one statement outside of a transaction, one again and again; those of another are written to a file and dropped. */
const after: MigrationPlan = {
  ...planWith('tips', tips),
  steps: planWith('tips', tips).steps.map((step) =>
    step.id === 'tips/0003_alone'
      ? { ...step, transaction: false }
      : step.id === 'tips/0005_words'
        ? { ...step, repeat: true as const }
        : step,
  ),
  removed: [{ plugin: 'guests', how: 'export' }],
}

/** A database that can be copied while nobody is connected to it. */
interface Place {
  open(): Promise<Database>
  /** What another process opens it by. */
  readonly address: readonly [dataDir: string, url: string]
  copy(): Promise<Place>
  remove(): Promise<void>
}

function embedded(dataDir: string): Place {
  return {
    open: () => openDatabase({ dataDir, embedded: () => import('./embedded.ts') }),
    address: [dataDir, ''],
    copy: () => {
      const next = mkdtempSync(join(work, 'data-'))
      cpSync(dataDir, next, { recursive: true })
      return Promise.resolve(embedded(next))
    },
    remove: () => Promise.resolve(rmSync(dataDir, { recursive: true, force: true })),
  }
}

function onServer(server: string, name: string): Place {
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const ask = async (sql: string) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  return {
    open: () => openDatabase({ url, dataDir: work }),
    address: [work, url],
    copy: async () => {
      const next = `test_${randomUUID().replaceAll('-', '')}`
      await ask(`create database ${next} template ${name}`)
      return onServer(server, next)
    },
    remove: () => ask(`drop database ${name} with (force)`),
  }
}

function serverPlace(name: string, times: number, url: string) {
  return { name, times, empty: () => onServer(url, 'template1').copy() }
}

const work = mkdtempSync(join(tmpdir(), 'bitcartcc-crash-'))
const child = join(work, 'child/test-child.js')
// As one file, and compiled once, a process that is to be killed starts in a quarter of the time.
beforeAll(async () => {
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(work, 'node_modules'), 'junction')
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    // It reads files that lie beside it.
    ssr: { noExternal: true, external: ['@electric-sql/pglite'] },
    build: { ssr: 'test-child.ts', outDir: dirname(child), target: 'node24' },
  })
})
afterAll(() => rmSync(work, { recursive: true, force: true }))
const planFile = join(work, 'plan.json')
writeFileSync(planFile, JSON.stringify(after))

const { TEST_DATABASE_URL: server, TEST_NEWER_DATABASE_URL: newer } = process.env
const places = [
  {
    name: 'the embedded database',
    // Starting it takes twice what a server's takes: of 500 kills it gets what a long run has time for.
    times: count(1, 40),
    empty: async () => {
      const dataDir = mkdtempSync(join(work, 'data-'))
      layEmptyDatabase(dataDir)
      return embedded(dataDir)
    },
  },
  ...(server ? [serverPlace('PostgreSQL', count(4, 230), server)] : []),
  ...(newer ? [serverPlace('a newer PostgreSQL', count(2, 230), newer)] : []),
]

describe.each(places)('on $name', ({ times, empty }) => {
  let template: Place
  let goal: Awaited<ReturnType<typeof stateOf>>
  let statements = 0
  beforeAll(async () => {
    template = await empty()
    await using(template, (database) => migrate(database.pool, before))
    // What a run that nobody kills leads to, and how much it sends.
    const whole = await template.copy()
    statements = await crash(whole, 0, 'before', 'whole')
    goal = await using(whole, stateOf)
    await whole.remove()
  }, 120_000)
  afterAll(() => template.remove())

  test(
    'killed before or after any statement it sends, the migrator is followed by one that ends at the same tables and rows',
    { timeout: count(300_000, 10_800_000) },
    async () => {
      expect(statements).toBeGreaterThan(40)
      const random = randomFrom(start)
      for (let at = 0; at < times; at++) {
        // Each statement once, where there are turns for it.
        const statement =
          times >= statements * 2
            ? 1 + (Math.floor(at / 2) % statements)
            : 1 + Math.floor(random() * statements)
        const when =
          times >= statements * 2
            ? at % 2 === 0
              ? 'before'
              : 'after'
            : random() < 0.5
              ? 'before'
              : 'after'
        const killed = `killed ${when} statement ${statement} of ${statements}, COMPOSE_TEST_SEED=${start}`
        const place = await template.copy()
        expect(await crash(place, statement, when, `${at}`), killed).toBe(-1)
        const exportsFolder = join(work, `exports-${at}`)
        expect(
          await using(place, async (database) => {
            await migrate(database.pool, after, { exportsFolder })
            expect(await pending(database.pool, after)).toEqual([])
            return stateOf(database)
          }),
          killed,
        ).toEqual(goal)
        expect(
          readdirSync(exportsFolder).filter((name) => name.endsWith('.jsonl')).length,
          killed,
        ).toBeGreaterThan(0)
        await place.remove()
      }
    },
  )
})

async function using<T>(place: Place, run: (database: Database) => Promise<T>): Promise<T> {
  const database = await place.open()
  try {
    return await run(database)
  } finally {
    await database.close()
  }
}

/** Schema, rows and ledger: all that a resumed migrator must end at. */
async function stateOf({ pool }: Database) {
  const rows = async (sql: string) => (await pool.query<Record<string, unknown>>(sql)).rows
  return {
    schema: await readSchema(pool),
    // Numbers that a sequence gave to what was rolled back are gone.
    tips: await rows('select amount, words from p_tips.tips order by id'),
    ledger: await rows('select id, state, checksum from compose.ledger order by id'),
    schemas: await rows(`select nspname from pg_namespace where nspname like 'p\\_%' order by 1`),
    invalid: await rows('select indexrelid::regclass from pg_index where not indisvalid'),
  }
}

/** Migrates in another process that dies by SIGKILL there; gives the number of statements where it lived to its end, else -1. */
async function crash(
  { address: [dataDir, url] }: Place,
  statement: number,
  when: 'before' | 'after',
  name: string,
): Promise<number> {
  const args = [
    'crash',
    dataDir,
    planFile,
    join(work, `exports-${name}`),
    String(statement),
    when,
    url,
  ]
  const migrator = spawn(process.execPath, [...wasmFlags, child, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(work, 'compiled') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  migrator.stdout.on('data', (data: Buffer) => (output += data.toString()))
  const [, signal] = (await once(migrator, 'close')) as [number | null, string | null] // what Node gives
  return signal === 'SIGKILL' ? -1 : Number(/sent (\d+)/.exec(output)?.[1] ?? Number.NaN)
}

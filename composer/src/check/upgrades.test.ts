import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '@bitcartcc/domain/database'
import { checkReady, migrate, readSchema } from '@bitcartcc/domain/migrator'
import type { SchemaObject } from '@bitcartcc/domain/migration-plan'
import { schemaOf } from '@bitcartcc/sdk/names'
import { Refused } from '@bitcartcc/sdk/problem'
import { isCi } from '../../../test/support/ci.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import type { Plan } from '../model/plan.ts'
import { putRows } from './sample-rows.ts'
import { openEmpty } from './test-embedded.ts'
import { pairs, planDistributions, shippedPlugins, type Version } from './test-distributions.ts'

// Every pair of the distributions in test/upgrades, through the migrator that shops run: the older one is installed, rows
// are put in, and the newer one must end at the tables of a new shop, with the rows that such a shop would have. Outside
// of CI each but the newest is updated to one of those after it, and back.

const work = mkdtempSync(join(tmpdir(), 'compose-upgrades-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const random = randomFrom(seed())
const oneAfterEach = [...Map.groupBy(pairs, ([older]) => older).values()].map(
  (of) => of[Math.floor(random() * of.length)] ?? of[0],
)
const tried = isCi ? pairs : oneAfterEach.filter((pair) => pair !== undefined)

let versions: readonly Version[] = []
beforeAll(async () => {
  versions = await planDistributions(work)
})

/** What an older distribution says to the tables of a newer one. */
const backwards: Readonly<Record<string, readonly string[] | 'works'>> = {
  '2 to 1': ['This database was migrated by core 0.4.0, and this distribution has core 0.2.0.'],
  '3 to 1': ['This database was migrated by core 0.7.0, and this distribution has core 0.2.0.'],
  '3 to 2': 'works',
  '4 to 1': [
    'This database was migrated by core 1.0.0, and this distribution has core 0.2.0.',
    'This database was migrated by ledger 1.2.0, and this distribution has ledger 1.0.0.',
  ],
  '4 to 2': [
    'This database was migrated by ledger 1.2.0, and this distribution has ledger 1.1.0.',
    'This database was migrated by points 1.1.0, and this distribution has points 1.0.0.',
  ],
  '4 to 3': [
    'This database was migrated by ledger 1.2.0, and this distribution has ledger 1.1.0.',
    'This database was migrated by points 1.1.0, and this distribution has points 1.0.0.',
  ],
  '5 to 1': [
    'This database was migrated by core 1.0.0, and this distribution has core 0.2.0.',
    'This database was migrated by ledger 2.0.0, and this distribution has ledger 1.0.0.',
  ],
  '5 to 2': [
    'This database was migrated by ledger 2.0.0, and this distribution has ledger 1.1.0.',
    'This database was migrated by points 2.0.0, and this distribution has points 1.0.0.',
  ],
  '5 to 3': [
    'This database was migrated by ledger 2.0.0, and this distribution has ledger 1.1.0.',
    'This database was migrated by points 2.0.0, and this distribution has points 1.0.0.',
  ],
  '5 to 4': [
    'This database was migrated by ledger 2.0.0, and this distribution has ledger 1.2.0.',
    'This database was migrated by points 2.0.0, and this distribution has points 1.1.0.',
  ],
}

const { TEST_DATABASE_URL: server, TEST_NEWER_DATABASE_URL: newer } = process.env
const databases = [
  { name: 'the embedded database', open: embedded },
  ...(server ? [{ name: 'PostgreSQL', open: () => onServer(server) }] : []),
  ...(newer ? [{ name: 'a newer PostgreSQL', open: () => onServer(newer) }] : []),
]

describe.each(databases)('on $name', ({ open }) => {
  let database: Database
  let close: () => Promise<void>
  /** What a new shop has, by version. */
  const fresh = new Map<number, State>()
  beforeAll(async () => {
    ;({ database, close } = await open())
    for (const version of versions) {
      await install(version)
      fresh.set(version.number, await stateOf(version))
    }
  })
  afterAll(() => close())

  test.each(tried)('from distribution %i to %i, and back where that is safe', async (from, to) => {
    const [older, later] = [versionOf(from), versionOf(to)]
    await install(older)
    const before = await ourRows()
    const exports = join(work, randomUUID())
    await migrate(database.pool, later.plan, { exportsFolder: exports })
    expect(await stateOf(later)).toEqual(expected(older, later))
    expect(await ourRows()).toMatchObject(before)
    const isExported = later.removed?.['stickers'] === 'export' && 'stickers' in older.plugins
    expect(existsSync(exports) ? readdirSync(exports) : []).toEqual(
      isExported ? ['stickers-0001.jsonl'] : [],
    )
    if (from === 1)
      expect((await ourRows())['core.payments']).toMatchObject([
        { id: 'manual-sample-invoice-complete', amount: '12.500000000000000000' },
        { id: 'manual-sample-invoice-refunded', amount: '0.000000010000000000' },
      ])
    expect(await migrate(database.pool, later.plan)).toEqual([])
    await putRows(database.pool, later.samples.filter(isTheirs), 'what fits')
    await goBack(later, older)
  })

  test('a newer distribution goes back to one that never ran there', async () => {
    const [, second, third] = versions
    if (!second || !third) throw new Error('there are fewer than three distributions')
    await install(third)
    await goBack(third, second)
    expect(await stateOf(third)).toMatchObject(fresh.get(third.number) ?? {})
  })

  test('a plugin that was kept goes on with its rows in each distribution after', async () => {
    const [, second, ...after] = versions
    if (!second) throw new Error('there are fewer than two distributions')
    await install(second)
    for (const version of after) {
      await migrate(database.pool, version.plan, { exportsFolder: join(work, 'unused') })
      expect(await stateOf(version)).toEqual(expected(second, version))
    }
    expect(existsSync(join(work, 'unused'))).toBe(false)
  })

  /** Has the older one run on what the newer one left, and the newer one after it. What was refused has changed nothing. */
  async function goBack(later: Version, older: Version) {
    const [ours, state] = [await ourRows(), await stateOf(later)]
    const outcome = await migrate(database.pool, older.plan).then(
      () => 'works' as const,
      (error: unknown) => {
        if (!(error instanceof Refused)) throw error
        return error.problems.map(({ says }) => says)
      },
    )
    expect(outcome).toEqual(backwards[`${later.number} to ${older.number}`])
    if (outcome === 'works') {
      expect(await checkReady(database.pool, older.plan)).toEqual([])
      await migrate(database.pool, later.plan)
    }
    expect(await ourRows()).toEqual(ours)
    // Plugins that only the older one has are there as well by now.
    if (outcome === 'works') expect(await stateOf(later)).toMatchObject(state)
    else expect(await stateOf(later)).toEqual(state)
  }

  /** Makes an empty database the one of a shop that runs this version. */
  async function install({ plan, samples }: Version) {
    const { rows } = await database.pool.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname not like 'pg\\_%' and nspname not in ('public', 'information_schema')`,
    )
    for (const { name } of rows) await database.pool.query(`drop schema "${name}" cascade`)
    await migrate(database.pool, plan)
    // What we ship has rows for its newest tables only.
    const [ours, theirs] = [samples.filter(isOurs), samples.filter(isTheirs)]
    const put = [
      await putRows(database.pool, ours, 'what fits'),
      await putRows(database.pool, theirs, 'all'),
    ]
    expect(put.map(({ failed }) => failed)).toEqual([[], []])
  }

  interface State {
    readonly schema: readonly SchemaObject[]
    /** Rows of all tables in test/upgrades, by table; also of a plugin that is not in this version. */
    readonly rows: Rows
  }
  async function stateOf({ plan }: Version): Promise<State> {
    const owned = new Set(['core_v1', ...plan.owners.map(({ schema }) => schema)])
    return {
      schema: (await readSchema(database.pool)).filter(({ schema }) => owned.has(schema)),
      rows: await rowsWhere((schema) => !isShipped(schema)),
    }
  }
  const ourRows = () => rowsWhere(isShipped)

  async function rowsWhere(isWanted: (schema: string) => boolean): Promise<Rows> {
    const { rows } = await database.pool.query<{ schema: string; name: string }>(
      `select schemaname as schema, tablename as name from pg_tables where schemaname = 'core' or schemaname like 'p\\_%' order by 1, 2`,
    )
    const found: Record<string, readonly object[]> = {}
    for (const { schema, name } of rows.filter((each) => isWanted(each.schema)))
      found[`${schema}.${name}`] = (
        await database.pool.query<Record<string, unknown>>(
          `select * from "${schema}"."${name}" t order by row_to_json(t)::text`,
        )
      ).rows
    return found
  }

  /** A new shop of the later version that came by its rows as the older one did. */
  function expected(older: Version, later: Version): State {
    const [was, is] = [fresh.get(older.number), fresh.get(later.number)]
    if (!was || !is) throw new Error('every version was installed')
    const rows: Record<string, readonly object[]> = {}
    for (const [table, found] of Object.entries(is.rows))
      rows[table] = pluginOf(table) in older.plugins ? found : []
    for (const [table, found] of Object.entries(was.rows))
      if (later.removed?.[pluginOf(table)] === 'keep') rows[table] = found
    return { schema: is.schema, rows }
  }
})

type Rows = Readonly<Record<string, readonly object[]>>

const isShipped = (schema: string) =>
  schema === 'core' || shippedPlugins.some((plugin) => schemaOf(plugin) === schema)
const isOurs = ({ schema }: Plan['samples'][number]) => isShipped(schema)
const isTheirs = (each: Plan['samples'][number]) => !isOurs(each)
const pluginOf = (table: string) => table.replace(/^p_/, '').replace(/\..+$/, '')

function versionOf(number: number): Version {
  const version = versions[number - 1]
  if (!version) throw new Error(`there is no distribution ${number}`)
  return version
}

interface Opened {
  readonly database: Database
  close(): Promise<void>
}

async function embedded(): Promise<Opened> {
  const database = await openEmpty(join(work, 'data'))
  return { database, close: () => database.close() }
}

async function onServer(url: string): Promise<Opened> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Pool({ connectionString: url, max: 1 })
  await admin.query(`create database ${name}`)
  const database = await openDatabase({
    dataDir: work,
    url: Object.assign(new URL(url), { pathname: `/${name}` }).href,
  })
  const close = async () => {
    await database.close()
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
  return { database, close }
}

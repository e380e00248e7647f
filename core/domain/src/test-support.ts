import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Distribution } from '@bitcartcc/sdk/resources'
import type { Log } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { coreMigrationsFolder, coreReferences } from './core-migrations.ts'
import { openDatabase, type Database } from './database.ts'
import type { MigrationPlan, MigrationStep } from './migration-plan.ts'
import { migrate } from './migrator.ts'
import { layEmptyDatabase, layMigratedDatabase } from './test-rows.ts'

/** Core's own plan, for tests that do without the composer; SQL is split where a line ends with `;`. */
export function corePlan(): MigrationPlan {
  const steps = readdirSync(coreMigrationsFolder)
    .filter((file) => file !== 'sample.sql')
    .toSorted()
    .map((file) =>
      stepOf(
        'core',
        file.replace('.sql', ''),
        readFileSync(join(coreMigrationsFolder, file), 'utf8'),
      ),
    )
  return planOf(steps, [{ plugin: 'core', schema: 'core', references: coreReferences }])
}

/** Core's plan and the steps of one plugin after it. */
export function planWith(plugin: string, files: Readonly<Record<string, string>>): MigrationPlan {
  const core = corePlan()
  const steps = Object.entries(files).map(([name, text]) => stepOf(plugin, name, text))
  return planOf(
    [...core.steps, ...steps],
    [...core.owners, { plugin, schema: `p_${plugin.replaceAll('-', '_')}`, references: [] }],
  )
}

function stepOf(plugin: string, name: string, text: string): MigrationStep {
  const id = `${plugin}/${name}`
  return {
    plugin,
    id,
    release: '1.0.0',
    checksum: sha256(`compose-migration-v1\0${id}\0${text}`),
    tag: 'expand',
    transaction: !/^-- tx: none$/m.test(text),
    statements: statementsOf(text),
  }
}

function statementsOf(text: string): MigrationStep['statements'] {
  let line = 1
  return text.split(/(?<=;)\n/).flatMap((part) => {
    const at = line + (part.match(/^(\s|--[^\n]*\n)*/)?.[0].split('\n').length ?? 1) - 1
    line += part.split('\n').length
    const sql = part.replaceAll(/^--[^\n]*\n/gm, '').trim()
    return sql === '' ? [] : [{ sql, line: at }]
  })
}

const planOf = (steps: MigrationPlan['steps'], owners: MigrationPlan['owners']): MigrationPlan => ({
  format: 1,
  digest: sha256(JSON.stringify([steps, owners])),
  steps,
  owners,
})
const sha256 = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`

export interface TestDatabase {
  readonly database: Database
  readonly dataDir: string
  /** What another process opens it by. */
  readonly url: string | undefined
  close(): Promise<void>
}

export interface DatabaseKind {
  readonly name: string
  /** Nothing is in it. */
  open(): Promise<TestDatabase>
  /** The plan has run, core's where none is named. */
  openMigrated(plan?: MigrationPlan): Promise<TestDatabase>
}

/** The databases a suite runs on: the embedded one, and a server's where TEST_DATABASE_URL names one, and TEST_NEWER_DATABASE_URL another. */
export const databases: readonly DatabaseKind[] = [
  {
    name: 'the embedded database',
    open: () => openTest(undefined, layEmptyDatabase),
    openMigrated: (plan) => migrated(openTest(undefined, layMigrated), plan),
  },
  ...[
    ['PostgreSQL', process.env.TEST_DATABASE_URL],
    ['a newer PostgreSQL', process.env.TEST_NEWER_DATABASE_URL],
  ].flatMap(([name = '', url]): DatabaseKind[] =>
    url
      ? [
          {
            name,
            open: () => openFresh(url),
            openMigrated: (plan) => migrated(openFresh(url), plan),
          },
        ]
      : [],
  ),
]

async function migrated(opening: Promise<TestDatabase>, plan = corePlan()): Promise<TestDatabase> {
  const at = await opening
  await migrate(at.database.pool, plan)
  return at
}

/** Lays an embedded database in which core's plan has run, which comes first in every plan: it is copied. */
export const layMigrated = (dataDir: string) =>
  layMigratedDatabase(dataDir, async (made) => {
    layEmptyDatabase(made)
    const database = await openDatabase({
      url: undefined,
      dataDir: made,
      embedded: () => import('./embedded.ts'),
    })
    await migrate(database.pool, corePlan())
    await database.close()
  })

async function openTest(
  url: string | undefined,
  lay: (dataDir: string) => void | Promise<void> = () => {},
): Promise<TestDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bitcartcc-domain-'))
  await lay(dataDir)
  const database = await openDatabase({ url, dataDir, embedded: () => import('./embedded.ts') })
  const close = async () => {
    await database.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { database, dataDir, url, close }
}

async function openFresh(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const server = new pg.Pool({ connectionString: serverUrl, max: 1 })
  await server.query(`create database ${name}`)
  const test = await openTest(Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href)
  const close = async () => {
    await test.close()
    await server.query(`drop database ${name} with (force)`)
    await server.end()
  }
  return { ...test, close }
}

export const silent: Log = { info() {}, warn() {}, error() {} }

/** A distribution of core alone. */
export const bareWiring: ServerWiring = {
  plugins: [],
  api: { routes: [] },
  worker: { jobs: [], listeners: [] },
  payments: { methods: [] },
  rates: { providers: [] },
  notify: { channels: [] },
  commands: { commands: [] },
  hooks: { hooks: [] },
}
export const bareDistribution: Distribution = {
  format: 1,
  name: 'test',
  core: '1.0.0',
  node: '24.21.0',
  digest: 'sha256-test',
  plugins: [],
  migrations: [],
  services: [],
  deployment: { host: 'localhost', mode: 'one-domain', database: 'embedded', proxy: 'none' },
  settings: {},
}

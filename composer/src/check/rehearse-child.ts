import { readFileSync } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'
import { embeddedConnection } from '@bitcartcc/domain/embedded-connection'
import { embeddedPool } from '@bitcartcc/domain/embedded-pool'
import { emptyDatabaseFile } from '@bitcartcc/domain/empty-database'
import { migrate, readSchema } from '@bitcartcc/domain/migrator'
import { startPglite } from '@bitcartcc/domain/pglite'
import type { MigrationPlan } from '@bitcartcc/domain/migration-plan'
import { Refused } from '@bitcartcc/sdk/problem'
import { packed, unpacked } from '../cache/snapshot.ts'
import { readCatalog } from './catalog.ts'
import { putRows } from './sample-rows.ts'
import type { RehearsalAnswer, RehearsalOrder } from './rehearse.ts'

/** Runs a migration plan on a database in memory. A process of its own: the SQL is the plugins'. */
process.once('message', (order: RehearsalOrder) => {
  void rehearse(order).then((answer) => process.send?.(answer, () => process.exit(0)))
})

async function rehearse({
  plan,
  from,
  keepCore,
  before,
  after,
}: RehearsalOrder): Promise<RehearsalAnswer> {
  const lite = await startPglite({
    loadDataDir: new Blob([new Uint8Array(unpacked(from ?? readFileSync(emptyDatabaseFile)))]),
  })
  // Not `openDatabase`: that brings Kysely, 250 files that nobody here asks for.
  const pool = embeddedPool(embeddedConnection(lite))
  // What breaks while idle is told by the next statement.
  pool.on('error', () => {})
  const none = {
    failed: [],
    applied: 0,
    rows: 0,
    catalog: {},
    schema: [],
    snapshot: undefined,
    core: undefined,
  }
  let rows = 0
  try {
    if (before) {
      const put = await putRows(pool, before.samples, before.mode)
      if (put.failed.length > 0) return { ...none, problems: [], failed: put.failed }
      rows = put.rows
    }
    let core: Uint8Array | undefined
    if (keepCore) {
      await migrate(pool, onlyCore(plan))
      core = await dump(lite)
    }
    const applied = await migrate(pool, plan)
    const read = await pool.query<{ catalog: RehearsalAnswer['catalog'] }>(readCatalog)
    const schema = await readSchema(pool)
    // Only a database without sample rows is worth keeping.
    if (!before) await pool.query('checkpoint')
    const snapshot = before ? undefined : await dump(lite)
    const { failed } = await putRows(pool, after?.samples ?? [], after?.mode ?? 'all')
    const catalog = read.rows[0]?.catalog ?? {}
    return {
      problems: [],
      failed,
      applied: applied.length,
      rows,
      catalog,
      schema,
      snapshot,
      core,
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { ...none, problems: error.problems, rows }
  }
}

const onlyCore = (plan: MigrationPlan): MigrationPlan => ({
  ...plan,
  steps: plan.steps.filter((step) => step.plugin === 'core'),
  owners: plan.owners.filter((owner) => owner.plugin === 'core'),
})

async function dump(lite: PGlite): Promise<Uint8Array> {
  const tar = await lite.dumpDataDir('none')
  return packed(new Uint8Array(await tar.arrayBuffer()))
}

import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { schemaOf } from '@bitcartcc/sdk/names'
import type { Log } from '@bitcartcc/sdk/server'
import { Refused } from '@bitcartcc/sdk/problem'
import type { MigrationPlan, MigrationStep } from './migration-plan.ts'
import { loosened, settleAbsent, tighten } from './absent-plugins.ts'
import { withMigrationLock } from './migration-lock.ts'
import { installQueueSchema } from './queue-schema.ts'
import { grantsFor, makeOwner, type OwnerState } from './migration-owners.ts'
import { ensureLedger, readLedger } from './ledger.ts'
import { stepFailed } from './migration-problems.ts'
import { stateOf, tellNewer } from './migration-state.ts'

export { checkReady, pending, readState, stateOf, type MigrationState } from './migration-state.ts'
export { readSchema } from './schema-objects.ts'

export interface MigrateOptions {
  readonly log?: Pick<Log, 'info' | 'warn'>
  /** How long to wait for another migrator. Default: 60 s. */
  readonly lockTimeoutMs?: number
  /** Longest time a statement may run; 60 s by default. The embedded database does not enforce it. */
  readonly statementTimeoutMs?: number
  /** Where `removed: export` writes its files; without it, nothing is written. */
  readonly exportsFolder?: string
}

/**
 * Brings a database to where the plan says, a transaction each step, one migrator at a time; gives the ids it applied.
 *
 * A second run on the same plan changes nothing. Refuses with every disagreement of plan and ledger before the first
 * step, and at the first step that fails, which leaves nothing behind but its line in the ledger.
 */
export async function migrate(
  pool: pg.Pool,
  plan: MigrationPlan,
  options: MigrateOptions = {},
): Promise<readonly string[]> {
  return withMigrationLock(pool, options.lockTimeoutMs ?? 60_000, async (client) => {
    await ensureLedger(client)
    const ledger = await readLedger(client)
    const { problems, newer, steps } = stateOf(plan, ledger)
    if (problems.length > 0) throw new Refused(problems)
    tellNewer(newer, options.log)
    await installQueueSchema(client)
    await settleAbsent(client, plan, ledger, options)
    const loose = new Set(await loosened(client, plan))
    const batch = Math.max(0, ...ledger.map((row) => row.batch)) + 1
    const owners = new Map<string, OwnerState>()
    const turnTo = async (plugin: string) => {
      const owner = owners.get(plugin) ?? (await makeOwner(client, plan, plugin, options.log))
      owners.set(plugin, owner)
      // What another has made meanwhile may be for this one, too.
      await grantsFor(client, plan, owner)
      if (loose.delete(plugin)) await tighten(client, plugin, options.log)
      return owner
    }
    let owner: OwnerState | undefined
    for (const step of steps) {
      if (owner?.plugin !== step.plugin) owner = await turnTo(step.plugin)
      const wasCutOff = ledger.some(({ id, state }) => id === step.id && state === 'running')
      await applyStep(client, { plan, step, owner, batch, wasCutOff, options })
      options.log?.info(`applied ${step.id}`)
    }
    for (const plugin of loose) await turnTo(plugin)
    return steps.map((step) => step.id)
  })
}

/** What `migrate --plan` prints: each step, its tag, and the exact SQL with the locks it takes. */
export function planText(steps: readonly MigrationStep[]): string {
  if (steps.length === 0) return 'Nothing is pending.\n'
  const blocks = steps.map((step) => {
    const way = step.repeat
      ? ', again and again until it changes no row'
      : step.transaction
        ? ''
        : ', outside of a transaction'
    const schema = step.plugin === 'core' ? 'core' : schemaOf(step.plugin)
    return [
      `-- ${step.id} (${step.plugin} ${step.release}, ${step.tag}, in ${schema}${way})`,
      ...step.statements.flatMap(({ sql, lock }) => [
        ...(lock ? [`-- locks ${lock}`] : []),
        `${sql.trim().replace(/;$/, '')};`,
      ]),
    ].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

interface Application {
  readonly plan: MigrationPlan
  readonly step: MigrationStep
  readonly owner: OwnerState
  readonly batch: number
  /** A run before this one died in the middle of it; only outside of a transaction does that leave a trace. */
  readonly wasCutOff: boolean
  readonly options: MigrateOptions
}

async function applyStep(client: pg.PoolClient, application: Application) {
  const { step } = application
  const apply = step.repeat ? repeatedly : step.transaction ? inTransaction : outsideTransaction
  for (let attempt = 1; ; attempt++) {
    const failure = await apply(client, application)
    if (!failure) return
    // Another session holds a lock on the table: it will let go.
    if (failure.code === '55P03' && attempt < 4) await sleep(attempt * 500)
    else return await refuse(client, application, failure)
  }
}

interface Failure {
  /** Index of the statement. */
  readonly statement: number
  readonly code: string
  readonly error: Error
}

async function inTransaction(
  client: pg.PoolClient,
  application: Application,
): Promise<Failure | undefined> {
  const { owner, step } = application
  const startedAt = new Date()
  let statement = 0
  try {
    await begin(client, application)
    for (const { sql } of step.statements) {
      await client.query(sql)
      statement++
    }
    if (owner.roleSql) await client.query('reset role')
    await writeRow(client, application, { state: 'done', startedAt })
    await client.query('commit')
    return undefined
  } catch (error) {
    await client.query('rollback')
    return failureOf(error, statement)
  }
}

/** Begins a transaction that runs as the owner. */
async function begin(client: pg.PoolClient, { owner, options }: Application) {
  await client.query('begin')
  await client.query(`set local lock_timeout = '5s'`)
  await client.query(
    `set local statement_timeout = ${Number(options.statementTimeoutMs ?? 60_000)}`,
  )
  await client.query(`set local search_path = ${owner.schemaSql}`)
  if (owner.roleSql) await client.query(`set local role ${owner.roleSql}`)
}

/** For a statement that changes some of the rows that are left to change: no lock is held for longer than that takes. */
async function repeatedly(
  client: pg.PoolClient,
  application: Application,
): Promise<Failure | undefined> {
  const { owner, step } = application
  const startedAt = new Date()
  try {
    await writeRow(client, application, { state: 'running', startedAt })
    for (;;) {
      await begin(client, application)
      let changed = 0
      for (const { sql } of step.statements) changed += (await client.query(sql)).rowCount ?? 0
      if (owner.roleSql) await client.query('reset role')
      if (changed === 0) await writeRow(client, application, { state: 'done', startedAt })
      await client.query('commit')
      if (changed === 0) return undefined
    }
  } catch (error) {
    await client.query('rollback')
    return failureOf(error, 0)
  }
}

/**
 * For the one statement PostgreSQL refuses inside a transaction; cut off half-way, it is tried again. Cut off between its
 * end and the line in the ledger, it finds its work done.
 */
async function outsideTransaction(
  client: pg.PoolClient,
  application: Application,
): Promise<Failure | undefined> {
  const { owner, step, wasCutOff } = application
  const startedAt = new Date()
  let statement = 0
  try {
    await writeRow(client, application, { state: 'running', startedAt })
    await dropInvalidIndexes(client, owner)
    await client.query(`set lock_timeout = '5s'`)
    await client.query(`set search_path = ${owner.schemaSql}`)
    if (owner.roleSql) await client.query(`set role ${owner.roleSql}`)
    for (const { sql } of step.statements) {
      await client.query(sql).catch((error: unknown) => {
        if (!wasCutOff || !alreadyDone.has(failureOf(error, statement).code)) throw error
      })
      statement++
    }
    await resetSession(client)
    await writeRow(client, application, { state: 'done', startedAt })
    return undefined
  } catch (error) {
    await resetSession(client)
    return failureOf(error, statement)
  }
}

/** The index is there already; the index, or the partition, is gone already. */
const alreadyDone: ReadonlySet<string> = new Set(['42P07', '42704', '42P01'])

async function resetSession(client: pg.PoolClient) {
  await client.query('reset role')
  await client.query('reset search_path')
  await client.query('reset lock_timeout')
}

async function dropInvalidIndexes(client: pg.PoolClient, owner: OwnerState) {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where not i.indisvalid and n.nspname = $1`,
    [owner.schema],
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
}

const failureOf = (error: unknown, statement: number): Failure => ({
  statement,
  code: error instanceof Error && 'code' in error ? String(error.code) : '',
  error: error instanceof Error ? error : new Error(String(error)),
})

async function refuse(
  client: pg.PoolClient,
  application: Application,
  failure: Failure,
): Promise<never> {
  await writeRow(client, application, { state: 'failed', startedAt: new Date(), failure })
  throw new Refused([stepFailed(application.step, failure.statement, failure.error)])
}

interface Outcome {
  readonly state: 'running' | 'done' | 'failed'
  readonly startedAt: Date
  readonly failure?: Failure
}

async function writeRow(
  client: pg.PoolClient,
  { plan, step, batch }: Application,
  { state, startedAt, failure }: Outcome,
) {
  const sql = failure ? step.statements[failure.statement]?.sql : undefined
  const upSql = step.statements.map((statement) => statement.sql).join(';\n')
  await client.query(
    `insert into compose.ledger (plugin, id, checksum, release, distribution, batch, tag, state, started_at, finished_at, ms, runner, statement, statement_sha, error, up_sql)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $8 = 'running' then null else clock_timestamp() end, $10, $11, $12, $13, $14, $15)
     on conflict (plugin, id) do update set checksum = excluded.checksum, release = excluded.release, distribution = excluded.distribution, batch = excluded.batch, tag = excluded.tag, state = excluded.state,
       started_at = excluded.started_at, finished_at = excluded.finished_at, ms = excluded.ms, runner = excluded.runner, statement = excluded.statement, statement_sha = excluded.statement_sha, error = excluded.error, up_sql = excluded.up_sql`,
    [
      step.plugin,
      step.id,
      step.checksum,
      step.release,
      plan.digest,
      batch,
      step.tag,
      state,
      startedAt,
      Date.now() - startedAt.getTime(),
      `bitcartcc pid ${process.pid}`,
      failure?.statement ?? null,
      sql ? `sha256-${createHash('sha256').update(sql).digest('base64')}` : null,
      failure?.error.message ?? null,
      upSql,
    ],
  )
}

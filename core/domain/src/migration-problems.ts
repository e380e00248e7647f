import type { Problem } from '@bitcartcc/sdk/problem'
import type { MigrationPlan, MigrationStep } from './migration-plan.ts'
import type { LedgerRow } from './ledger.ts'

/** Where the ledger and the plan disagree in a way that no step can mend. */
export function ledgerProblems(
  plan: MigrationPlan,
  ledger: readonly LedgerRow[],
): readonly Problem[] {
  const applied = appliedIn(ledger)
  const steps = new Map(plan.steps.map((step) => [step.id, step]))
  const drifted = applied.flatMap((row) => {
    const step = steps.get(row.id)
    return step && step.checksum !== row.checksum ? [drift(row, step)] : []
  })
  const shipped = Map.groupBy(plan.steps, (step) => step.plugin)
  const perPlugin = [...shipped].flatMap(([plugin, own]) => [
    ...unknownProblems(
      plugin,
      own,
      applied.filter((row) => row.plugin === plugin && !steps.has(row.id)),
    ),
    ...orderProblems(plugin, own, new Set(applied.map((row) => row.id))),
  ])
  return [...drifted, ...perPlugin]
}

function unknownProblems(
  plugin: string,
  own: readonly MigrationStep[],
  unknown: readonly LedgerRow[],
): readonly Problem[] {
  const newest = own.at(-1)
  if (!newest) return []
  const missing = unknown.filter((row) => row.id < newest.id)
  const future = unknown.filter((row) => row.id > newest.id)
  return [
    ...(missing.length > 0 ? [missingProblem(plugin, missing, newest)] : []),
    ...(isHarmless(future) ? [] : [futureProblem(plugin, future, newest)]),
  ]
}

/** Newer steps that only added are left alone: the older code works on them. */
const isHarmless = (future: readonly LedgerRow[]) => future.every(({ tag }) => tag === 'expand')

/** Migrations that newer releases of a plugin left behind. */
export interface Newer {
  readonly plugin: string
  /** The newest that migrated this database, and the one that is here. */
  readonly applied: string
  readonly shipped: string
  readonly ids: readonly string[]
}

/** `This database was migrated by loyalty 1.1.0, and this distribution has loyalty 1.0.0: …` */
export const newerText = ({ plugin, applied, shipped }: Newer): string =>
  `This database was migrated by ${plugin} ${applied}, and this distribution has ${plugin} ${shipped}: what is newer only adds, and is let be.`

/** Applied steps of releases newer than those of the plan, where they do no harm; by plugin, in the plan's order. */
export function newerIn(plan: MigrationPlan, ledger: readonly LedgerRow[]): readonly Newer[] {
  const applied = appliedIn(ledger)
  return [...Map.groupBy(plan.steps, (step) => step.plugin)].flatMap(([plugin, own]) => {
    const newest = own.at(-1)
    const future = applied.filter((row) => row.plugin === plugin && newest && row.id > newest.id)
    const last = future.at(-1)
    if (!newest || !last || !isHarmless(future)) return []
    return [
      { plugin, applied: last.release, shipped: newest.release, ids: future.map(({ id }) => id) },
    ]
  })
}

const appliedIn = (ledger: readonly LedgerRow[]) =>
  ledger.filter((row) => row.state !== 'failed' && row.state !== 'running')

function orderProblems(
  plugin: string,
  own: readonly MigrationStep[],
  applied: ReadonlySet<string>,
): readonly Problem[] {
  const lastApplied = own.findLastIndex((step) => applied.has(step.id))
  const skipped = own.slice(0, Math.max(0, lastApplied)).filter((step) => !applied.has(step.id))
  const later = own[lastApplied]
  return later && skipped.length > 0 ? [outOfOrder(plugin, skipped, later)] : []
}

const unchanged = 'The database was not changed.'

const drift = (row: LedgerRow, step: MigrationStep): Problem => ({
  code: 'migrate/drift',
  says: `${step.id} was changed after this database had applied it.`,
  facts: [
    ['applied', `${row.plugin} ${row.release}`, row.checksum],
    [fileOf(step), `${step.plugin} ${step.release}`, step.checksum],
  ],
  kept: unchanged,
  fix: [
    `Build with a release of ${step.plugin} that has the applied file unchanged; a further change goes into a new migration.`,
  ],
})

const missingProblem = (
  plugin: string,
  rows: readonly LedgerRow[],
  newest: MigrationStep,
): Problem => ({
  code: 'migrate/missing',
  says: `This database has migrations of ${plugin} that this distribution does not ship.`,
  facts: [
    ...rows.map((row) => [row.id, `applied by ${plugin} ${row.release}`]),
    ['newest shipped', `${newest.id} of ${plugin} ${newest.release}`],
  ],
  kept: unchanged,
  fix: [`Build with a release of ${plugin} that ships them.`],
})

const futureProblem = (
  plugin: string,
  rows: readonly LedgerRow[],
  newest: MigrationStep,
): Problem => ({
  code: 'migrate/future',
  says: `This database was migrated by ${plugin} ${rows.at(-1)?.release}, and this distribution has ${plugin} ${newest.release}.`,
  facts: rows.map((row) => [row.id, row.tag]),
  kept: unchanged,
  fix: [
    `Build with ${plugin} ${rows.at(-1)?.release} or newer, or restore a backup from before the update.`,
  ],
})

const outOfOrder = (
  plugin: string,
  skipped: readonly MigrationStep[],
  later: MigrationStep,
): Problem => ({
  code: 'migrate/out-of-order',
  says: `${plugin} ships a migration that stands before one this database has applied.`,
  facts: [...skipped.map((step) => [fileOf(step), 'not applied']), [fileOf(later), 'applied']],
  kept: unchanged,
  fix: [`In ${plugin}, give the new migration the next free number.`],
})

/** Steps wait to be applied: a service does not start on such a database. */
export const pendingProblem = (steps: readonly MigrationStep[]): Problem => ({
  code: 'migrate/pending',
  says:
    steps.length === 1
      ? 'One migration is pending on this database.'
      : `${steps.length} migrations are pending on this database.`,
  facts: steps.map((step) => [step.id, `${step.plugin} ${step.release}`]),
  kept: 'Nothing was started.',
  fix: ['Run   node server.js migrate'],
})

/** PostgreSQL refused a statement; the step left nothing behind. */
export function stepFailed(step: MigrationStep, index: number, error: Error): Problem {
  const statement = step.statements[index]
  const { code, detail, hint } = error as { code?: string; detail?: string; hint?: string } // pg and PGlite have classes of their own, with the same fields
  return {
    code: 'migrate/step-failed',
    says: `${step.plugin} ${step.release} cannot migrate: PostgreSQL refuses a statement of ${step.id}.`,
    facts: [
      [
        `${fileOf(step)}:${statement ? lineOf(statement.line, statement.sql, error) : 1}`,
        statement ? statement.sql.trim() : 'the end of the step',
      ],
      ['PostgreSQL', ...[error.message, detail, hint].filter((text) => text !== undefined)],
    ],
    kept: step.repeat
      ? 'The rows it had changed stay changed; the migrations before it stay, those after it did not run.'
      : step.transaction
        ? 'Nothing of this migration was kept; those before it stay, those after it did not run.'
        : 'The migrations before it stay, those after it did not run.',
    fix: [`${mendedBy(step.plugin, code)}; then run migrate again: it goes on from here.`],
  }
}

/** By SQLSTATE: a disk without room and a table that others hold are nothing that an author mends. */
const mendedBy = (plugin: string, code: string | undefined) =>
  code === '53100'
    ? 'Make room on the disk of the database'
    : code === '55P03'
      ? 'Stop what uses the database beside it'
      : `Report it to the author of ${plugin}, or select another release of it`

/** The line PostgreSQL points at, where it does. */
function lineOf(first: number, sql: string, error: Error): number {
  const position = 'position' in error ? Number(error.position ?? 1) : 1
  return first + [...sql].slice(0, position - 1).filter((letter) => letter === '\n').length
}

const fileOf = (step: MigrationStep) => `migrations/${step.id}.sql`

/** No step is pending, and yet the queue's tables wait for this distribution's update of them. */
export const queueBehind: Problem = {
  code: 'migrate/pending',
  says: 'The tables of the job queue are not those of this distribution.',
  kept: 'Nothing was started.',
  fix: ['Run   node server.js migrate'],
}

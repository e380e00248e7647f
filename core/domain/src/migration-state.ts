import type pg from 'pg'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Log } from '@bitcartcc/sdk/server'
import type { MigrationPlan, MigrationStep } from './migration-plan.ts'
import { ledgerExists, readLedger, type LedgerRow } from './ledger.ts'
import {
  ledgerProblems,
  newerIn,
  newerText,
  pendingProblem,
  queueBehind,
  type Newer,
} from './migration-problems.ts'
import { isQueueReady } from './queue-schema.ts'

/** A database held against the plan. */
export interface MigrationState {
  /** What no step can mend. */
  readonly problems: readonly Problem[]
  /** Steps of newer releases that only added, so that the plan's older ones work on them. */
  readonly newer: readonly Newer[]
  /** Those of the plan that are pending, in the order they would run. */
  readonly steps: readonly MigrationStep[]
}
/** Reads the ledger and holds it against the plan; changes nothing. */
export async function readState(pool: pg.Pool, plan: MigrationPlan): Promise<MigrationState> {
  return stateOf(plan, (await ledgerExists(pool)) ? await readLedger(pool) : [])
}

export function stateOf(plan: MigrationPlan, ledger: readonly LedgerRow[]): MigrationState {
  const done = new Set(
    ledger
      .filter(({ state }) => state === 'done' || state === 'baselined' || state === 'orphaned')
      .map(({ id }) => id),
  )
  return {
    problems: ledgerProblems(plan, ledger),
    newer: newerIn(plan, ledger),
    steps: plan.steps.filter(({ id }) => !done.has(id)),
  }
}

/** The steps of the plan that the database does not have, in the order they would run. */
export const pending = async (pool: pg.Pool, plan: MigrationPlan) =>
  (await readState(pool, plan)).steps

/** Why a service may not start on this database: pending steps, drift, missing or future ones; empty when it may. What is newer and does no harm is told to the log. */
export async function checkReady(
  pool: pg.Pool,
  plan: MigrationPlan,
  log?: Pick<Log, 'warn'>,
): Promise<readonly Problem[]> {
  const { problems, newer, steps } = await readState(pool, plan)
  if (steps.length > 0) return [...problems, pendingProblem(steps)]
  if (!(await isQueueReady(pool))) return [...problems, queueBehind]
  if (problems.length === 0) tellNewer(newer, log)
  return problems
}

export function tellNewer(newer: readonly Newer[], log: Pick<Log, 'warn'> | undefined): void {
  for (const each of newer) log?.warn(newerText(each), { migrations: each.ids })
}

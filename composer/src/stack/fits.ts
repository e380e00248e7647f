import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationPlan } from '@bitcartcc/domain/migration-plan'
import { ledgerProblems } from '@bitcartcc/domain/migration-problems'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { LedgerEntry } from './backup-file.ts'
import { wouldDrop } from './problems.ts'

/** The migrations of a distribution; undefined beside an image, where they are inside. */
export function planIn(folder: string): MigrationPlan | undefined {
  const file = join(folder, 'migrations/plan.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as MigrationPlan) : undefined // written by `package`
}

/**
 * Why a distribution cannot work on a database that has run these migrations: those it does not have and that did more
 * than add, those that were changed, and what it would drop that was filled since. Empty where it can.
 */
export const misfits = (
  plan: MigrationPlan | undefined,
  ledger: readonly LedgerEntry[],
): readonly Problem[] => [
  ...(plan === undefined ? [] : ledgerProblems(plan, ledger)),
  ...(plan?.removed ?? []).flatMap(({ plugin, how }) =>
    how !== 'keep' && ledger.some((row) => row.plugin === plugin && row.state === 'done')
      ? [wouldDrop(plugin, how)]
      : [],
  ),
]

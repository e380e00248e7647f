import { cpSync, existsSync, renameSync } from 'node:fs'
import { Refused } from '@bitcartcc/sdk/problem'
import { formerOf, makeBeside, putInPlace } from '../place/swap.ts'
import { shown } from '../views/shown.ts'
import { ledgerOf } from './database.ts'
import { runningIn, stackOf } from './engine.ts'
import { misfits, planIn } from './fits.ts'
import type { Place } from './place.ts'
import { noFormer, notRunning } from './problems.ts'

/** The folder that a rollback goes to: the one named, else the one that the last build stepped over. */
export function formerFolder(folder: string, named: string | undefined): string {
  if (named !== undefined) return named
  const kept = formerOf(folder)
  if (!existsSync(kept)) throw new Refused([noFormer(shown(folder))])
  return kept
}

/**
 * Puts a former distribution into the place of the present one, which is kept in turn.
 *
 * Asks the database of the stack first: where it has run a step that the former one does not have, and that did more than
 * add, the former code could not work on it, and nothing is moved.
 */
export async function rollBack(place: Place, former: string, isKept: boolean): Promise<void> {
  const database = runningIn(await stackOf(place.project), 'database')
  if (!database) throw new Refused([notRunning(place.project, place.up)])
  const problems = misfits(planIn(former), await ledgerOf(database.id))
  if (problems.length > 0) throw new Refused(problems)
  const { folder: beside } = makeBeside(place.folder)
  if (isKept) renameSync(former, beside)
  else cpSync(former, beside, { recursive: true })
  putInPlace(beside, place.folder, true)
}

import { existsSync, mkdtempSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { cannotWrite } from './problems.ts'

/**
 * Refuses a place that would take no distribution, before half a minute is spent on one; leaves nothing.
 *
 * By making a folder there: of /proc, or a full disk, no right says that it takes none.
 */
export function refuseUnwritable(out: string): void {
  let folder = dirname(out)
  while (!existsSync(folder)) folder = dirname(folder)
  try {
    rmdirSync(mkdtempSync(join(folder, '.compose-')))
  } catch (error) {
    const problem = cannotWrite(error, out)
    throw problem ? new Refused([problem]) : error
  }
}

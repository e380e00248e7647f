import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { cannotWrite } from './problems.ts'

/** Refuses a place that would take no distribution, before half a minute is spent on one; makes nothing. */
export function refuseUnwritable(out: string): void {
  let folder = dirname(out)
  while (!existsSync(folder)) folder = dirname(folder)
  try {
    accessSync(join(folder, '/'), constants.W_OK)
  } catch (error) {
    const problem = cannotWrite(error, out)
    throw problem ? new Refused([problem]) : error
  }
}

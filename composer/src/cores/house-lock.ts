import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { composerFolder } from '../house.ts'
import type { NpmLock } from '../model/lock.ts'

/** Lies in a folder that compose put together around one core, written last. */
export const houseFile = 'core.json'

export const readHouseLock = (folder: string): NpmLock =>
  parse(readFileSync(join(folder, 'pnpm-lock.yaml'), 'utf8')) as NpmLock // pnpm's own format

/** What this core and this composer were locked to, where another compose brought them; undefined where npm did. */
export function broughtLock(): NpmLock | undefined {
  // …/node_modules/@bitcartcc/composer
  const folder = dirname(dirname(dirname(composerFolder)))
  return existsSync(join(folder, houseFile)) ? readHouseLock(folder) : undefined
}

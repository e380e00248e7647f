import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import * as module from 'node:module'
import { join } from 'node:path'
import { dataDirOf } from './data-dir.ts'

/** Of the data folder. It can be made anew at any time, and no backup has it. */
export const compiledCodeFolder = 'compiled-code'

/**
 * Has Node keep what it compiles from now on, and take what it kept the last time: a fifth of a start goes into that.
 *
 * Takes the folder of the distribution. Each distribution has its own, and what another one left is removed; each way to
 * serve has its own, too, for Node keeps what the first process compiled and no more. What only looks in for a moment
 * keeps nothing. Where nothing can be written, or others may write, everything is compiled as without it.
 */
export function useCompiledCode(folder: string): void {
  const [, , command = ''] = process.argv
  if (!['serve', 'api', 'worker'].includes(command)) return
  // An older Node has it not; it is told so by what comes next.
  if (!('enableCompileCache' in module)) return
  try {
    const sums = readFileSync(join(folder, 'SHA256SUMS'))
    const hash = createHash('sha256').update(sums).digest('hex').slice(0, 12)
    const all = join(dataDirOf(process.env), compiledCodeFolder)
    const own = `${command}-${hash}`
    mkdirSync(all, { recursive: true, mode: 0o700 })
    if (!isOurs(all)) return
    const isFirst = !existsSync(join(all, own))
    module.enableCompileCache(join(all, own))
    if (isFirst)
      for (const name of readdirSync(all))
        if (name !== own && name.startsWith(`${command}-`))
          rmSync(join(all, name), { recursive: true })
  } catch {
    // It only saves time: what is wrong with the folder is said by who needs it.
  }
}

/** Node runs what lies there: so nobody else may write it. Where a system knows no users, it is as the data folder is. */
function isOurs(folder: string): boolean {
  if (!process.getuid) return true
  const found = lstatSync(folder)
  return found.isDirectory() && found.uid === process.getuid() && (found.mode & 0o022) === 0
}

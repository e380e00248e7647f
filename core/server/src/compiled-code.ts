import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
// Its names are looked for when they are used: an older Node lacks some, and is to be told so by `begin`.
import * as module from 'node:module'
import { join } from 'node:path'
import { dataDirOf } from './data-dir.ts'

/** Of the data folder. It can be made anew at any time, and no backup has it. */
export const compiledCodeFolder = 'compiled-code'

/** Of twenty distributions that have nothing in common: the standard one takes 2 MB. */
const mostBytes = 40_000_000
const commands = ['serve', 'api', 'worker', 'migrate']
/** Which distribution was the last to run here. */
const last = 'distribution'

/**
 * Has Node keep what it compiles from now on, and take what it kept before: a fifth of a start goes into that.
 *
 * Takes the folder of the distribution. All that runs over one data folder shares it: Node looks at the bytes of each file, so
 * after an update it compiles what changed, and for a server nothing that `migrate` had it compile before. What only looks in
 * for a moment keeps nothing. Where nothing can be written, or others may write, everything is compiled as without it.
 */
export function useCompiledCode(folder: string): void {
  const [, , command = ''] = process.argv
  if (!commands.includes(command)) return
  try {
    const dataDir = dataDirOf(process.env)
    const all = join(dataDir, compiledCodeFolder)
    if (!existsSync(dataDir)) {
      // Only a server stores something there anyway.
      if (command === 'migrate') return
    } else if (!isOwn(statSync(dataDir).uid)) return
    mkdirSync(all, { recursive: true, mode: 0o700 })
    if (!isOurs(all)) return
    boundAtUpdate(all, folder)
    module.enableCompileCache(all)
  } catch {
    // It only saves time: what is wrong with the folder is said by who needs it.
  }
}

/** Whether a user is the one of this process: whoever only looks in, as root may, leaves nothing that the server cannot use. */
const isOwn = (uid: number) => !process.getuid || uid === process.getuid()

/** Node runs what lies there: so nobody else may write it. Where a system knows no users, it is as the data folder is. */
function isOurs(folder: string): boolean {
  if (!process.getuid) return true
  const found = lstatSync(folder)
  return found.isDirectory() && isOwn(found.uid) && (found.mode & 0o022) === 0
}

/** Node removes nothing: of chunks that are gone the code would pile up, with each update a little. */
function boundAtUpdate(all: string, folder: string): void {
  const sums = readFileSync(join(folder, 'SHA256SUMS'))
  const hash = createHash('sha256').update(sums).digest('hex')
  const file = join(all, last)
  if (existsSync(file) && readFileSync(file, 'utf8') === hash) return
  const kept = readdirSync(all, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => statSync(join(each.parentPath, each.name)).size)
  if (kept.reduce((sum, size) => sum + size, 0) > mostBytes)
    for (const name of readdirSync(all)) rmSync(join(all, name), { recursive: true })
  writeFileSync(file, hash)
}

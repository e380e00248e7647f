import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { isPartOfPlugin } from '../cache/folder-files.ts'
import { readFolder } from './folder-rules.ts'
import { builtInLimits } from './limits.ts'

/** Where the files of an archive lie once it is unpacked: one folder for the same bytes, whoever selects them. */
export function unpackedFolder(cacheDir: string, integrity: string): string {
  const name = createHash('sha256').update(integrity).digest('base64url')
  return join(cacheDir, 'archives', name)
}

/**
 * Puts files that are known to be safe into a folder, whole or not at all, and looks at what lies on the disk then.
 *
 * A folder that holds these files is left alone; one that was changed is replaced.
 */
export function unpackInto(folder: string, files: ReadonlyMap<string, Buffer>): void {
  if (existsSync(folder) && holds(folder, files)) return
  const store = dirname(folder)
  mkdirSync(store, { recursive: true })
  takeLeftoversAway(store)
  const beside = mkdtempSync(join(store, 'part-'))
  try {
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(beside, path)), { recursive: true })
      write(join(beside, path), bytes)
    }
    if (!holds(beside, files)) throw new Error(`${beside} does not hold what was written there`)
    if (existsSync(folder)) renameSync(folder, join(mkdtempSync(join(store, 'part-')), 'changed'))
    renameSync(beside, folder)
  } catch (error) {
    // Another build may have been faster with the same bytes.
    if (!(existsSync(folder) && holds(folder, files))) throw error
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

/** Never follows or replaces what is there. */
function write(path: string, bytes: Buffer): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
  // Windows has no O_NOFOLLOW, and no link that O_EXCL would follow.
  const file = openSync(path, O_CREAT | O_EXCL | O_WRONLY | (O_NOFOLLOW ?? 0), 0o644)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function holds(folder: string, files: ReadonlyMap<string, Buffer>): boolean {
  const found = readFolder(folder, isPartOfPlugin, builtInLimits)
  if (!found.isSafe || found.value.size !== files.size) return false
  return [...files].every(([path, bytes]) => found.value.get(path)?.equals(bytes))
}

/** What a killed build left is an hour old at least. */
function takeLeftoversAway(store: string): void {
  for (const name of readdirSync(store)) {
    const path = join(store, name)
    const madeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (name.startsWith('part-') && madeMs !== undefined && Date.now() - madeMs > 3_600_000)
      rmSync(path, { recursive: true, force: true })
  }
}

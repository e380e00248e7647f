import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { basename, dirname, join, resolve } from 'node:path'
import { integrityOf } from './archive/archive-bytes.ts'
import { coreHash } from './cache/core-hash.ts'
import { hashOfFolder } from './cache/folder-files.ts'
import { hashOf } from './cache/hash.ts'
import { mend } from './place/swap.ts'

interface Asked {
  readonly cwd: string
  readonly out?: string | undefined
  readonly cacheDir?: string | undefined
}

/** Hashes of what a build is about to read: what is saved later is then known to be another. */
export interface Seen {
  readonly selection: string
  readonly lock: string
  readonly core: string
}

/** A folder or archive that a plugin came from, absolute, and its hash when it was read. */
export interface SeenSource {
  readonly path: string
  readonly hash: string
}

export const see = (file: string): Seen => ({
  selection: hashAt(file),
  lock: hashAt(lockOf(file)),
  core: coreHash(),
})

/** Says of each source what is there now, as long as an archive has the bytes that were planned with. */
export const seeSources = (
  sources: readonly { readonly origin: string; readonly integrity?: string }[],
): readonly SeenSource[] =>
  sources.map(({ origin, integrity }) => ({ path: origin, hash: hashOfSource(origin, integrity) }))

/** What was built last from one selection file, and from what. */
interface Remembered {
  readonly fingerprint: string
  readonly folder: string
  readonly name: string
  /** Folders and archives plugins came from, absolute. */
  readonly sources: readonly string[]
  /** Hash of SHA256SUMS. */
  readonly sums: string
}

/**
 * The distribution in place, where nothing that it was made from has changed and not one of its bytes; else undefined.
 *
 * Mends first what a killed build left beside it: no later stage will run to do so.
 */
export function unchanged(
  file: string,
  asked: Asked,
  seen: Seen,
): { folder: string; name: string } | undefined {
  const memory = memoryFile(file, asked)
  if (!existsSync(memory)) return undefined
  const known = JSON.parse(readFileSync(memory, 'utf8')) as Remembered // written below
  if (!known.sources.every(existsSync)) return undefined
  const sources = seeSources(known.sources.map((origin) => ({ origin })))
  if (known.fingerprint !== fingerprint(seen, sources)) return undefined
  mend(known.folder)
  return isWhole(known) ? { folder: known.folder, name: known.name } : undefined
}

/** Notes what was built, and of what, for the next run. */
export function remember(
  file: string,
  asked: Asked,
  out: string,
  { seen, sources }: { readonly seen: Seen; readonly sources: readonly SeenSource[] },
): void {
  const memory = memoryFile(file, asked)
  const value: Remembered = {
    fingerprint: fingerprint(seen, sources),
    folder: out,
    name: basename(out),
    sources: sources.map(({ path }) => path),
    sums: hashOf(readFileSync(join(out, 'SHA256SUMS'))),
  }
  mkdirSync(dirname(memory), { recursive: true })
  writeFileSync(`${memory}.part`, JSON.stringify(value))
  renameSync(`${memory}.part`, memory)
}

const memoryFile = (file: string, { cwd, out = 'dist' }: Asked) =>
  join(
    cwd,
    '.compose',
    'built',
    `${hashOf(resolve(cwd, file), resolve(cwd, out)).slice(7, 29)}.json`,
  )

const lockOf = (file: string) => file.replace(/\.ya?ml$/, '.lock')

/** With the types that a build itself writes beside a plugin's code, as they are now. */
const fingerprint = ({ selection, lock, core }: Seen, sources: readonly SeenSource[]): string =>
  hashOf(
    selection,
    lock,
    core,
    ...sources.flatMap(({ path, hash }) => [path, hash, hashAt(join(path, ownTypes))]),
  )

const ownTypes = 'plugin.gen.ts'

const hashAt = (file: string) =>
  statSync(file, { throwIfNoEntry: false })?.isFile() ? hashOf(readFileSync(file)) : ''

function hashOfSource(path: string, integrity: string | undefined): string {
  if (statSync(path).isDirectory()) return hashOfFolder(path, (each) => each !== ownTypes)
  const bytes = readFileSync(path)
  return integrity === undefined || integrityOf(bytes) === integrity ? hashOf(bytes) : ''
}

function isWhole({ folder, sums }: Remembered): boolean {
  const list = join(folder, 'SHA256SUMS')
  if (!existsSync(list)) return false
  const text = readFileSync(list)
  if (hashOf(text) !== sums) return false
  return text
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .every((line) => {
      const path = join(folder, line.slice(66))
      return (
        existsSync(path) &&
        createHash('sha256').update(readFileSync(path)).digest('hex') === line.slice(0, 64)
      )
    })
}

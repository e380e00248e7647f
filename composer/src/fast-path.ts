import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { basename, dirname, join, resolve } from 'node:path'
import { coreHash } from './cache/core-hash.ts'
import { hashOfFolder } from './cache/folder-files.ts'
import { hashOf } from './cache/hash.ts'
import type { Paths } from './cache/paths.ts'
import { mend } from './place/swap.ts'

interface Asked {
  readonly cwd: string
  readonly out?: string | undefined
  readonly cacheDir?: string | undefined
}

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
): { folder: string; name: string } | undefined {
  const memory = memoryFile(file, asked)
  if (!existsSync(memory)) return undefined
  const known = JSON.parse(readFileSync(memory, 'utf8')) as Remembered // written below
  if (!known.sources.every(existsSync) || known.fingerprint !== fingerprint(file, known.sources))
    return undefined
  mend(known.folder)
  return isWhole(known) ? { folder: known.folder, name: known.name } : undefined
}

/** Notes what was built, for the next run. */
export function remember(
  file: string,
  asked: Asked,
  paths: Paths,
  sources: readonly string[] = [],
): void {
  const memory = memoryFile(file, asked)
  const value: Remembered = {
    fingerprint: fingerprint(file, sources),
    folder: paths.out,
    name: basename(paths.out),
    sources,
    sums: hashOf(readFileSync(join(paths.out, 'SHA256SUMS'))),
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

function fingerprint(file: string, sources: readonly string[]): string {
  const lock = file.replace(/\.ya?ml$/, '.lock')
  return hashOf(
    readFileSync(file),
    existsSync(lock) ? readFileSync(lock) : '',
    coreHash(),
    ...sources.flatMap((folder) => [folder, hashOfSource(folder)]),
  )
}

const hashOfSource = (path: string) =>
  statSync(path).isDirectory() ? hashOfFolder(path) : hashOf(readFileSync(path))

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

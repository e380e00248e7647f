import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { packTar, unpackTar } from 'modern-tar/fs'
import { Refused } from '@bitcartcc/sdk/problem'
import { damaged } from './problems.ts'

/** The first file of a backup of a stack: what it is of, and all that must be in it. */
export interface StackFacts {
  readonly format: 1
  readonly of: 'stack'
  /** Name of the distribution, and the release of its core. */
  readonly distribution: string
  readonly core: string
  /** Hash of the SECRET_KEY that the rows were sealed under; null where the key lies in a volume. */
  readonly secretKey: string | null
  /** Roles that own tables, sorted. */
  readonly roles: readonly string[]
  /** Migrations that the database has run, as its ledger has them. */
  readonly ledger: readonly LedgerEntry[]
  /** Path in the backup → hash of its bytes: `database.dump`, and `volumes/KEY.tar` for each volume. */
  readonly files: Readonly<Record<string, string>>
}
export interface LedgerEntry {
  readonly plugin: string
  readonly id: string
  readonly checksum: string
  readonly release: string
  readonly tag: 'expand' | 'migrate' | 'contract'
  readonly state: 'running' | 'done' | 'failed' | 'orphaned' | 'baselined'
  readonly batch: number
}

const factsName = 'backup.json'
export const dumpName = 'database.dump'

/** `data` → `volumes/data.tar`, and back. */
export const fileOfVolume = (key: string): string => `volumes/${key}.tar`
export const volumesIn = ({ files }: StackFacts): readonly string[] =>
  Object.keys(files).flatMap((path) => /^volumes\/(.+)\.tar$/.exec(path)?.[1] ?? [])

export const hashOfKey = (secretKey: string): string =>
  createHash('sha256').update(`bitcartcc backup ${secretKey}`).digest('hex')

/** Packs the files of a folder, with their hashes first, for the owner's eyes; gives the size. */
export async function packBackup(
  folder: string,
  facts: Omit<StackFacts, 'files'>,
  file: string,
): Promise<number> {
  const files: Record<string, string> = {}
  for (const path of pathsIn(folder)) files[path] = await hashOfFile(join(folder, path))
  const content = JSON.stringify({ ...facts, files } satisfies StackFacts)
  await pipeline(
    packTar([
      { type: 'content', target: factsName, content, mode: 0o600 },
      ...Object.keys(files).map((path) => ({
        type: 'file' as const,
        source: join(folder, path),
        target: path,
        mode: 0o600,
      })),
    ]),
    createGzip(),
    createWriteStream(file, { mode: 0o600, flush: true }),
  )
  return statSync(file).size
}

/** Unpacks a backup into a folder and holds every file against its hash; refuses all but the whole of one. */
export async function unpackBackup(file: string, folder: string): Promise<StackFacts> {
  const facts = await unpacked(file, folder).catch((error: unknown) => {
    throw new Refused([damaged(file, error instanceof Error ? error.message : String(error))])
  })
  const found = pathsIn(folder).filter((path) => path !== factsName)
  const wanted = Object.keys(facts.files)
  const missing = wanted.find((path) => !found.includes(path))
  if (missing !== undefined) throw new Refused([damaged(file, `${missing} is missing`)])
  const added = found.find((path) => !wanted.includes(path))
  if (added !== undefined) throw new Refused([damaged(file, `${added} is not on its list`)])
  for (const path of wanted)
    if ((await hashOfFile(join(folder, path))) !== facts.files[path])
      throw new Refused([damaged(file, `${path} has other bytes than it was saved with`)])
  return facts
}

async function unpacked(file: string, folder: string): Promise<StackFacts> {
  await pipeline(
    createReadStream(file),
    createGunzip(),
    unpackTar(folder, {
      fmode: 0o600,
      dmode: 0o700,
      strict: true,
      filter: ({ type, name }) => {
        if (type !== 'file' || !isOurs(name)) throw new Error(`${name} is no file of such a backup`)
        return true
      },
    }),
  )
  const facts = JSON.parse(readFileSync(join(folder, factsName), 'utf8')) as StackFacts // checked below
  if (facts.of !== 'stack')
    throw new Error('it is of an embedded database: bring it back with   compose restore')
  if (facts.format !== 1 || !(dumpName in facts.files) || !facts.roles.every(isRole))
    throw new Error('its list is none of ours')
  return facts
}

/** Nothing else is ever put into one. */
const isOurs = (path: string) =>
  path === factsName || path === dumpName || /^volumes\/[A-Za-z0-9][\w.-]*\.tar$/.test(path)

/** As the composer names the owner of a plugin's tables. */
export const isRole = (name: string): boolean => /^p_[a-z0-9_]+$/.test(name)

const pathsIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted()

/** SHA-256 of a file, read in pieces. */
async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

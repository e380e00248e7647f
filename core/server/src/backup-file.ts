import { createHash } from 'node:crypto'
import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Problem } from '@bitcartcc/sdk/problem'
import { Refused } from '@bitcartcc/sdk/problem'
import { compiledCodeFolder } from './compiled-code.ts'
import type { Environment } from './environment.ts'

/** The first file of a backup: what it is of, and all that must be in it. */
export interface BackupFacts {
  readonly format: 1
  /** Name of the distribution, and the release of its core. */
  readonly distribution: string
  readonly core: string
  /** Sorted; empty ones too, which PostgreSQL insists on. */
  readonly folders: readonly string[]
  /** Path in the data folder → hash of its bytes. */
  readonly files: Readonly<Record<string, string>>
}

export const factsName = 'backup.json'

/** What a restore works in, and what it put aside; neither belongs to a backup. */
export const restoring = '.restoring'
export const replaced = '.replaced'

const notSaved = new RegExp(
  `^(${RegExp.escape(restoring)}|${RegExp.escape(replaced)}|${compiledCodeFolder})(/|$)|^database/lock`,
)

/** Whether a path of a data folder belongs to a backup: not to a running process, to a restore, or to Node. */
export const isSaved = (path: string): boolean => !notSaved.test(path)

interface Content {
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

/** What of a data folder belongs to a backup, sorted. */
export function contentOf(dataDir: string): Content {
  const { folders, files } = everythingIn(dataDir)
  return { folders: folders.filter(isSaved), files: files.filter(isSaved) }
}

/** Folders and files below a folder, sorted. */
export function everythingIn(folder: string): Content {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => ({
    entry,
    path: join(entry.parentPath, entry.name)
      .slice(folder.length + 1)
      .replaceAll('\\', '/'),
  }))
  const paths = (isWanted: (entry: (typeof entries)[number]) => boolean) =>
    entries
      .filter(isWanted)
      .map(({ path }) => path)
      .toSorted()
  return {
    folders: paths(({ entry }) => entry.isDirectory()),
    files: paths(({ entry }) => entry.isFile()),
  }
}

/** SHA-256 of a file, read in pieces. */
export async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Refuses where the rows do not lie in the data folder. */
export function demandEmbedded({ databaseUrl, dataDir }: Environment): void {
  if (databaseUrl !== undefined) throw new Refused([onServer(dataDir)])
}

const onServer = (dataDir: string): Problem => ({
  code: 'backup/on-a-server',
  says: 'DATABASE_URL is set: the rows lie on a PostgreSQL server, whose own programs save them while it runs.',
  kept: 'Nothing was read or written.',
  fix: [
    'Save the rows:      pg_dump --format=custom --file=shop.dump "$DATABASE_URL"',
    `and the uploads:    tar -czf shop-data.tgz -C ${dataDir} .`,
    'Bring them back:    pg_restore --clean --if-exists --dbname="$DATABASE_URL" shop.dump',
  ],
})

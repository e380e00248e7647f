import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One migration file of core or of a plugin, as it is shipped. */
export interface MigrationFile {
  readonly plugin: string
  /** `ratings/0001_votes` */
  readonly id: string
  /** `migrations/0001_votes.sql` */
  readonly file: string
  /** Without a BOM, lines end with LF. */
  readonly text: string
  readonly checksum: string
}

/** Reads the SQL files of a folder, but its sample rows, in their order. */
export function readMigrations(
  plugin: string,
  folder: string,
  below: string,
): readonly MigrationFile[] {
  const path = join(folder, below)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => name.endsWith('.sql') && name !== sampleName)
    .toSorted()
    .map((name) => {
      const text = textOf(join(path, name))
      const id = `${plugin}/${name.slice(0, -'.sql'.length)}`
      return { plugin, id, file: fileBelow(below, name), text, checksum: checksumOf(id, text) }
    })
}

/** Rows to rehearse with: no migration, so it may change, and no database of an operator ever runs it. */
export const sampleName = 'sample.sql'

/** Reads the sample rows that lie beside the migrations of a folder. */
export function readSample(
  folder: string,
  below: string,
): Pick<MigrationFile, 'file' | 'text'> | undefined {
  const path = join(folder, below, sampleName)
  return existsSync(path) ? { file: fileBelow(below, sampleName), text: textOf(path) } : undefined
}

const textOf = (path: string) =>
  readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
const fileBelow = (below: string, name: string) => `${below.replace(/^\.\//, '')}/${name}`

const checksumOf = (id: string, text: string) =>
  `sha256-${createHash('sha256').update(`compose-migration-v1\0${id}\0${text}`).digest('base64')}`

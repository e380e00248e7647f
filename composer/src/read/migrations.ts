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

/** Reads the numbered SQL files of a folder, in their order. */
export function readMigrations(
  plugin: string,
  folder: string,
  below: string,
): readonly MigrationFile[] {
  const path = join(folder, below)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => name.endsWith('.sql') && !name.endsWith('.down.sql'))
    .toSorted()
    .map((name) => {
      const text = readFileSync(join(path, name), 'utf8')
        .replace(/^\uFEFF/, '')
        .replaceAll('\r\n', '\n')
      const id = `${plugin}/${name.slice(0, -'.sql'.length)}`
      return {
        plugin,
        id,
        file: `${below.replace(/^\.\//, '')}/${name}`,
        text,
        checksum: checksumOf(id, text),
      }
    })
}

const checksumOf = (id: string, text: string) =>
  `sha256-${createHash('sha256').update(`compose-migration-v1\0${id}\0${text}`).digest('base64')}`

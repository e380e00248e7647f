import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type pg from 'pg'
import { schemaOf } from '@bitcartcc/sdk/names'
import { coreRows } from './absent-rows.ts'
import { quoted } from './quoted.ts'

/**
 * Layout of an export, JSON a line: the head; for each table a line with its name and columns, then its rows as PostgreSQL
 * words them; for sequences, settings, payment accounts and metadata a line each; the foot, with the number of rows and the hash of all lines before.
 */
export interface ExportHead {
  readonly format: 1
  readonly plugin: string
  readonly release: string
  /** The migrations that made the tables, in their order. */
  readonly steps: readonly { readonly id: string; readonly checksum: string }[]
}
/** A line of the plugin's own; rows of core's begin with a word of `rowsOfCore`. */
export type ExportLine =
  | { readonly table: string; readonly columns: readonly string[] }
  | { readonly row: Readonly<Record<string, unknown>> }
  | { readonly sequence: string; readonly value: string }
export interface ExportFoot {
  readonly rows: number
  readonly sha256: string
}

/** Writes all that a plugin stored to a new file in a folder, and gives its path; runs in a transaction that locks the tables. */
export async function writeExport(
  client: pg.PoolClient,
  plugin: string,
  folder: string,
): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = freeName(folder, plugin)
  const part = `${file}.part`
  const handle = openSync(part, 'w', 0o600)
  const hash = createHash('sha256')
  const write = (line: string) => {
    hash.update(`${line}\n`)
    writeSync(handle, `${line}\n`)
  }
  try {
    const { rows: ledger } = await client.query<{ id: string; checksum: string; release: string }>(
      `select id, checksum, release from compose.ledger where plugin = $1 and state in ('done', 'orphaned', 'baselined') order by id`,
      [plugin],
    )
    write(
      JSON.stringify({
        format: 1,
        plugin,
        release: ledger.at(-1)?.release ?? '',
        steps: ledger.map(({ id, checksum }) => ({ id, checksum })),
      } satisfies ExportHead),
    )
    const count = await writeTables(client, schemaOf(plugin), write)
    for (const { name, value } of await sequencesOf(client, schemaOf(plugin)))
      write(JSON.stringify({ sequence: name, value }))
    for (const { word, json } of await coreRows(client, plugin)) write(`{"${word}":${json}}`)
    const foot: ExportFoot = { rows: count, sha256: hash.copy().digest('hex') }
    write(JSON.stringify(foot))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(part, file)
  return file
}

async function writeTables(
  client: pg.PoolClient,
  schema: string,
  write: (line: string) => void,
): Promise<number> {
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    [schema],
  )
  for (const { name } of tables)
    await client.query(`lock table ${quoted(schema)}.${quoted(name)} in access exclusive mode`)
  let count = 0
  for (const { name, columns } of tables) {
    write(JSON.stringify({ table: name, columns }))
    const chosen = columns.map(quoted).join(', ')
    await client.query(
      `declare exported no scroll cursor for select row_to_json(t)::text as text from (select ${chosen} from ${quoted(schema)}.${quoted(name)}) t`,
    )
    for (;;) {
      const { rows } = await client.query<{ text: string }>('fetch 1000 from exported')
      for (const { text } of rows) write(`{"row":${text}}`)
      count += rows.length
      if (rows.length === 0) break
    }
    await client.query('close exported')
  }
  return count
}

async function sequencesOf(
  client: pg.PoolClient,
  schema: string,
): Promise<readonly { readonly name: string; readonly value: string }[]> {
  const { rows } = await client.query<{ name: string; value: string | null }>(
    'select sequencename as name, last_value::text as value from pg_sequences where schemaname = $1 order by 1',
    [schema],
  )
  return rows.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]))
}

/** `ratings-0001.jsonl`: an export never takes the place of another. */
function freeName(folder: string, plugin: string): string {
  for (let number = 1; ; number++) {
    const file = join(folder, `${plugin}-${String(number).padStart(4, '0')}.jsonl`)
    if (!existsSync(file)) return file
  }
}

import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import type pg from 'pg'
import { schemaOf } from '@bitcartcc/sdk/names'
import { Refused } from '@bitcartcc/sdk/problem'
import type { ExportFoot, ExportHead, ExportLine } from './export-file.ts'
import { rowsOfCore } from './absent-rows.ts'
import { importRefused, notAnExport, notEmpty, notSelected, otherSteps } from './import-problems.ts'
import { withoutKeys } from './kept-keys.ts'
import { withMigrationLock } from './migration-lock.ts'
import type { MigrationPlan } from './migration-plan.ts'
import { migrate, type MigrateOptions } from './migrator.ts'
import { quoted } from './quoted.ts'

/** What came back. */
export interface Imported {
  readonly plugin: string
  readonly rows: number
  /** Migrations that were applied to make the tables. */
  readonly applied: readonly string[]
}

/**
 * Takes back what `removed: export` wrote, once the plugin is in the distribution again.
 *
 * Makes the tables by the migrations that made them then, puts all rows in or none, and leaves newer migrations pending.
 * The file is held against its own hash first; tables that hold rows are refused.
 */
export async function importFile(
  pool: pg.Pool,
  plan: MigrationPlan,
  file: string,
  options: MigrateOptions = {},
): Promise<Imported> {
  const { head, foot } = await checked(file)
  const { plugin } = head
  const own = plan.steps.filter((step) => step.plugin === plugin)
  if (own.length === 0) throw new Refused([notSelected(file, head)])
  const shipped = new Map(own.map(({ id, checksum }) => [id, checksum]))
  const others = head.steps.filter(({ id, checksum }) => shipped.get(id) !== checksum)
  if (others.length > 0) throw new Refused([otherSteps(file, head, others)])
  const then = new Set(head.steps.map(({ id }) => id))
  const applied = await migrate(
    pool,
    { ...plan, steps: plan.steps.filter((step) => step.plugin !== plugin || then.has(step.id)) },
    options,
  )
  await withMigrationLock(pool, options.lockTimeoutMs ?? 60_000, async (client) => {
    try {
      await client.query('begin')
      await load(client, file, plugin, options)
      await client.query(
        `insert into compose.ledger_log (plugin, event, new) values ($1, 'imported', $2)`,
        [plugin, JSON.stringify(foot)],
      )
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      if (error instanceof Error && 'code' in error)
        throw new Refused([importRefused(file, head, error)])
      throw error
    }
  })
  return { plugin, rows: foot.rows, applied }
}

/** Reads the file once to its end: nothing of it is used before its hash was seen to be right. */
async function checked(
  file: string,
): Promise<{ readonly head: ExportHead; readonly foot: ExportFoot }> {
  if (!existsSync(file)) throw new Refused([notAnExport(file, 'there is no such file')])
  const hash = createHash('sha256')
  let [first, last]: (string | undefined)[] = []
  let rows = 0
  for await (const line of linesOf(file)) {
    if (last !== undefined) hash.update(`${last}\n`)
    first ??= line
    last = line
    if (line.startsWith(rowStart)) rows++
  }
  const [head, foot] = [parsed<ExportHead>(first), parsed<ExportFoot>(last)]
  if (head?.format !== 1 || typeof head.plugin !== 'string' || !Array.isArray(head.steps))
    throw new Refused([notAnExport(file, 'it does not begin like one')])
  if (foot?.sha256 !== hash.digest('hex') || foot.rows !== rows)
    throw new Refused([notAnExport(file, 'it was cut off or changed')])
  return { head, foot }
}

const rowStart = '{"row":'

/** Splits at `\n` alone: what a customer wrote may hold other letters that readers of lines take for an end. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

function parsed<T>(line: string | undefined): T | undefined {
  try {
    return JSON.parse(line ?? '') as T // its parts are looked at before they are used
  } catch {
    return undefined
  }
}

const rowsAtOnce = 500

async function load(client: pg.PoolClient, file: string, plugin: string, options: MigrateOptions) {
  const schema = schemaOf(plugin)
  await withoutKeys(client, schema, options.log, async () => {
    let table: { readonly name: string; readonly columns: readonly string[] } | undefined
    let waiting: string[] = []
    const flush = async () => {
      if (table && waiting.length > 0) await insert(client, schema, table, waiting)
      waiting = []
    }
    for await (const line of linesOf(file)) {
      // As PostgreSQL wrote it: numbers of JavaScript are too small for it.
      if (line.startsWith(rowStart)) waiting.push(line.slice(rowStart.length, -1))
      else {
        await flush()
        const next = JSON.parse(line) as ExportLine | ExportHead | ExportFoot // its hash was right
        if ('table' in next) {
          table = { name: next.table, columns: next.columns }
          await refuseRows(client, file, schema, next.table)
        } else if ('sequence' in next) await setSequence(client, schema, next)
        else await insertCoreRow(client, plugin, line)
      }
      if (waiting.length === rowsAtOnce) await flush()
    }
  })
}

async function insert(
  client: pg.PoolClient,
  schema: string,
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
  rows: readonly string[],
) {
  const [table, chosen] = [`${quoted(schema)}.${quoted(name)}`, columns.map(quoted).join(', ')]
  await client.query(
    `insert into ${table} (${chosen}) overriding system value select ${chosen} from json_populate_recordset(null::${table}, $1::json)`,
    [`[${rows.join(',')}]`],
  )
}

async function refuseRows(client: pg.PoolClient, file: string, schema: string, table: string) {
  const { rowCount } = await client.query(`select from ${quoted(schema)}.${quoted(table)} limit 1`)
  if (rowCount !== 0) throw new Refused([notEmpty(file, `${schema}.${table}`)])
}

/** What the row belongs to may have gone meanwhile; what a merchant typed since is newer. */
async function insertCoreRow(client: pg.PoolClient, plugin: string, line: string) {
  const [[word, row] = ['', undefined]] = Object.entries(
    JSON.parse(line) as Record<string, unknown>,
  ) // an object, as all lines
  const into = rowsOfCore[word]
  if (!into) return
  const { table, where, of } = into
  const owner = of ? `join ${of[1]} o on o.id = r.${of[0]}` : ''
  await client.query(
    `insert into ${table} select r.* from json_populate_record(null::${table}, $2::json) r ${owner} where ${where} on conflict do nothing`,
    [plugin, JSON.stringify(row)],
  )
}

const setSequence = (
  client: pg.PoolClient,
  schema: string,
  { sequence, value }: { readonly sequence: string; readonly value: string },
) =>
  client.query(`select setval(to_regclass($1), $2::bigint) where to_regclass($1) is not null`, [
    `${quoted(schema)}.${quoted(sequence)}`,
    value,
  ])

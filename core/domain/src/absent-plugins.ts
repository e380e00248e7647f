import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { schemaOf } from '@bitcartcc/sdk/names'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Log } from '@bitcartcc/sdk/server'
import type { MigrationPlan } from './migration-plan.ts'
import { ensureDroppedState, ledgerExists, readLedger, type LedgerRow } from './ledger.ts'
import { absentRows, dropRows, parkJobs, takeUpJobs, type AbsentRows } from './absent-rows.ts'
import { forgetKeys, loosenKeys, loosenKeysTo, pluginsWithKeys, tightenKeys } from './kept-keys.ts'
import { forgetViews, loosenViews, pluginsWithViews, tightenViews } from './kept-views.ts'
import { quoted } from './quoted.ts'
import { writeExport } from './export-file.ts'

/** What a plugin that is not in the distribution left in the database, and what becomes of it. */
export interface Absent extends AbsentRows {
  readonly plugin: string
  /** As the selection says; `keep` where it says nothing. */
  readonly how: 'keep' | 'export' | 'drop'
  /** Its tables with their rows; empty where only the ledger knows it. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
  /** Foreign keys and views of plugins that are here: while there are any, nothing is dropped. */
  readonly referencedBy: readonly string[]
}

/** The plugins that left something, by name: what `migrate --plan` shows before anything goes. */
export async function absentPlugins(
  pool: pg.Pool,
  plan: MigrationPlan,
): Promise<readonly Absent[]> {
  if (!(await ledgerExists(pool))) return []
  const client = await pool.connect()
  try {
    return await absentIn(client, plan, await readLedger(client))
  } finally {
    client.release()
  }
}

async function absentIn(
  client: pg.PoolClient,
  plan: MigrationPlan,
  ledger: readonly LedgerRow[],
): Promise<readonly Absent[]> {
  const present = presentIn(plan)
  const names = new Set(ledger.map(({ plugin }) => plugin).filter((each) => !present.has(each)))
  const absent: Absent[] = []
  for (const plugin of [...names].toSorted())
    absent.push({
      plugin,
      how: plan.removed?.find((each) => each.plugin === plugin)?.how ?? 'keep',
      tables: await tablesOf(client, schemaOf(plugin)),
      ...(await absentRows(client, plugin)),
      referencedBy: await referencesTo(client, plan, schemaOf(plugin)),
    })
  return absent
}

const presentIn = (plan: MigrationPlan): ReadonlySet<string> =>
  new Set(['core', ...[...plan.owners, ...plan.steps].map(({ plugin }) => plugin)])

export interface SettleOptions {
  readonly log?: Pick<Log, 'info' | 'warn'> | undefined
  /** Where exports are written: a folder. Without one, `export` drops and writes nothing: for databases that are thrown away. */
  readonly exportsFolder?: string | undefined
}

/**
 * Brings what plugins left to where the plan says: kept, with no key or view in anybody's way, or dropped, or written to a file
 * and dropped. Takes up again the rows and jobs of a plugin that came back.
 */
export async function settleAbsent(
  client: pg.PoolClient,
  plan: MigrationPlan,
  ledger: readonly LedgerRow[],
  { log, exportsFolder }: SettleOptions,
): Promise<void> {
  const present = presentIn(plan)
  const leaving = ledger.filter((row) => row.state === 'done' && !present.has(row.plugin))
  const returning = ledger.filter((row) => row.state === 'orphaned' && present.has(row.plugin))
  const absent = new Set(ledger.map(({ plugin }) => plugin).filter((each) => !present.has(each)))
  for (const plugin of absent)
    await inOneTransaction(client, async () => {
      await mark(client, plugin, leaving, 'orphaned')
      await loosenViews(client, plugin, schemaOf(plugin))
      await loosenKeys(client, plugin, schemaOf(plugin))
      await parkJobs(client, plugin)
    })
  for (const plugin of new Set(returning.map((row) => row.plugin)))
    await inOneTransaction(client, async () => {
      await mark(client, plugin, returning, 'done')
      await takeUpJobs(client, plugin)
    })
  const going = (plan.removed ?? []).filter(
    ({ plugin, how }) => how !== 'keep' && absent.has(plugin),
  )
  const problems: Problem[] = []
  for (const { plugin } of going) {
    const references = await referencesTo(client, plan, schemaOf(plugin))
    if (references.length > 0) problems.push(stillReferenced(plugin, references))
  }
  if (problems.length > 0) throw new Refused(problems)
  for (const { plugin, how } of going) {
    await inOneTransaction(client, async () => {
      if (how === 'export' && exportsFolder !== undefined) {
        const file = await writeExport(client, plugin, exportsFolder)
        log?.info(`exported ${plugin}`, { file })
      }
      const left = [...absent].filter((each) => !going.some((other) => other.plugin === each))
      for (const each of left) await loosenKeysTo(client, each, schemaOf(each), schemaOf(plugin))
      await drop(client, plugin)
    })
    log?.info(`dropped ${plugin}`)
  }
}

/** Plugins that are here, and whose keys and views were taken off while they were not. */
export async function loosened(
  client: pg.PoolClient,
  plan: MigrationPlan,
): Promise<readonly string[]> {
  const present = presentIn(plan)
  const noted = [...(await pluginsWithKeys(client)), ...(await pluginsWithViews(client))]
  return [...new Set(noted)].filter((plugin) => present.has(plugin)).toSorted()
}

/** Puts them on again, once what they point at is there; what does not fit stays noted, and is tried again by the next run. */
export const tighten = (client: pg.PoolClient, plugin: string, log: SettleOptions['log']) =>
  inOneTransaction(client, async () => {
    await tightenKeys(client, plugin, schemaOf(plugin), log)
    await tightenViews(client, plugin, schemaOf(plugin), log)
  })

async function mark(
  client: pg.PoolClient,
  plugin: string,
  rows: readonly LedgerRow[],
  state: 'orphaned' | 'done',
) {
  const ids = rows.filter((row) => row.plugin === plugin).map(({ id }) => id)
  if (ids.length === 0) return
  await client.query('update compose.ledger set state = $1 where id = any($2)', [state, ids])
  await note(client, plugin, state === 'done' ? 'returned' : 'orphaned')
}

const note = (client: pg.PoolClient, plugin: string, event: string) =>
  client.query('insert into compose.ledger_log (plugin, event) values ($1, $2)', [plugin, event])

async function drop(client: pg.PoolClient, plugin: string) {
  const schema = schemaOf(plugin)
  await client.query(`drop schema if exists ${quoted(schema)} cascade`)
  await dropRows(client, plugin)
  await forgetKeys(client, plugin)
  await forgetViews(client, plugin)
  // The role is the whole server's and stays; what it was let do in this database goes.
  const { rows } = await client.query<{ isOurs: boolean }>(
    `select coalesce(pg_has_role(session_user, to_regrole($1), 'usage'), false) as "isOurs"`,
    [quoted(schema)],
  )
  if (rows[0]?.isOurs) await client.query(`drop owned by ${quoted(schema)}`)
  await ensureDroppedState(client)
  await client.query(`update compose.ledger set state = 'dropped' where plugin = $1`, [plugin])
  await note(client, plugin, 'dropped')
}

/** Another session may hold a lock on one of the tables: it will let go. */
async function inOneTransaction(client: pg.PoolClient, run: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('begin')
      await client.query(`set local lock_timeout = '5s'`)
      // Names of other schemas are written out where keys are noted.
      await client.query('set local search_path = pg_catalog')
      await run()
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback')
      const isLocked = error instanceof Error && 'code' in error && error.code === '55P03'
      if (!isLocked || attempt === 4) throw error
      await sleep(attempt * 500)
    }
  }
}

async function tablesOf(client: pg.PoolClient, schema: string): Promise<Absent['tables']> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    [schema],
  )
  const tables: { name: string; rows: number }[] = []
  for (const { name } of rows) {
    const counted = await client.query<{ count: string }>(
      `select count(*) from ${quoted(schema)}.${quoted(name)}`,
    )
    tables.push({ name, rows: Number(counted.rows[0]?.count ?? 0) })
  }
  return tables
}

/** Keys and views that reach into a schema, of core and of plugins that are in the plan. */
async function referencesTo(
  client: pg.PoolClient,
  plan: MigrationPlan,
  schema: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%s.%s (%s)', n.nspname, c.relname, k.conname) as name
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class f on f.oid = k.confrelid join pg_namespace t on t.oid = f.relnamespace
     where k.contype = 'f' and t.nspname = $1 and n.nspname = any($2)
     union
     select format('%s.%s (a view)', n.nspname, c.relname)
     from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
     join pg_class f on f.oid = d.refobjid join pg_namespace t on t.oid = f.relnamespace
     where d.classid = 'pg_rewrite'::regclass and t.nspname = $1 and n.nspname = any($2)
     order by 1`,
    [schema, plan.owners.map((owner) => owner.schema)],
  )
  return rows.map(({ name }) => name)
}

const stillReferenced = (plugin: string, references: readonly string[]): Problem => ({
  code: 'migrate/still-referenced',
  says: `The tables of ${plugin} are to be dropped, and others of this distribution point at them.`,
  facts: references.map((each) => [each]),
  kept: 'Nothing was dropped.',
  fix: [
    `Keep them: in the selection write   removed: { ${plugin}: keep }`,
    'Or take out, or update, the plugins that point at them, too.',
  ],
})

/** An export holds no job: what was to be done at that moment is not to be done years later. */
const jobWords = {
  keep: 'they wait for it',
  export: 'dropped, and not in the file',
  drop: 'dropped',
} as const

/** Why it stays: other databases of the server may use the role, and what was paid was paid. */
const leftBehind = (plugin: string) =>
  `--   stays: the role ${schemaOf(plugin)}, which may do nothing here; invoices and payments; permissions of users`

/** What `migrate --plan` says of plugins that are not here. */
export function absentText(absent: readonly Absent[]): string {
  const words = {
    keep: 'is kept',
    export: 'will be written to DATA_DIR/exports, and dropped',
    drop: 'will be dropped',
  } as const
  return absent
    .map(({ plugin, how, tables, settings, accounts, metadata, jobs, referencedBy }) =>
      [
        `-- ${plugin} is not in this distribution; what it stored ${words[how]}:`,
        ...tables.map(
          ({ name, rows }) =>
            `--   ${schemaOf(plugin)}.${name}   ${rows === 1 ? '1 row' : `${rows} rows`}`,
        ),
        ...(settings > 0 ? [`--   settings   ${settings}`] : []),
        ...(accounts > 0 ? [`--   payment accounts   ${accounts}`] : []),
        ...(metadata > 0
          ? [`--   metadata   of ${metadata === 1 ? '1 record' : `${metadata} records`}`]
          : []),
        ...(jobs > 0 ? [`--   jobs   ${jobs}, ${jobWords[how]}`] : []),
        ...referencedBy.map((each) => `--   ${each} points at it: nothing will be dropped`),
        ...(how === 'keep' ? [] : [leftBehind(plugin), `drop schema ${schemaOf(plugin)} cascade;`]),
      ].join('\n'),
    )
    .map((block) => `${block}\n`)
    .join('\n')
}

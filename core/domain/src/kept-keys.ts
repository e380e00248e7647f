import type pg from 'pg'
import type { Log } from '@bitcartcc/sdk/server'
import { quoted } from './quoted.ts'
import { tried } from './tried.ts'

/** A foreign key that a plugin had before it left. */
interface Key {
  readonly table: string
  readonly name: string
  readonly definition: string
}

const keptKeysSql = `create table if not exists compose.kept_keys (
  plugin text not null, "table" text not null, name text not null, definition text not null,
  primary key (plugin, "table", name)
)`

/**
 * Takes the foreign keys of a plugin that left off the tables of others, and notes them: nobody is there who would tidy up
 * before core deletes a row. Keys that say what becomes of their own rows stop no delete, and stay.
 */
export async function loosenKeys(
  client: pg.PoolClient,
  plugin: string,
  schema: string,
): Promise<void> {
  await takeOff(
    client,
    plugin,
    schema,
    `f.relnamespace <> c.relnamespace and k.confdeltype in ('a', 'r')`,
  )
}

/** The same with all keys that point at the tables of one schema, which are to go. */
export const loosenKeysTo = (client: pg.PoolClient, plugin: string, schema: string, gone: string) =>
  takeOff(client, plugin, schema, `f.relnamespace = '${quoted(gone)}'::regnamespace`)

async function takeOff(client: pg.PoolClient, plugin: string, schema: string, condition: string) {
  const keys = await keysOf(client, schema, condition)
  if (keys.length === 0) return
  await client.query(keptKeysSql)
  for (const { table, name, definition } of keys) {
    await client.query(
      'insert into compose.kept_keys (plugin, "table", name, definition) values ($1, $2, $3, $4) on conflict (plugin, "table", name) do update set definition = excluded.definition',
      [plugin, table, name, definition],
    )
    await dropKey(client, schema, { table, name, definition })
  }
}

/** Puts the keys of a plugin that came back on again; where a row of its points at what is gone by now, the key holds for new rows only. */
export async function tightenKeys(
  client: pg.PoolClient,
  plugin: string,
  schema: string,
  log: Pick<Log, 'warn'> | undefined,
): Promise<void> {
  if (!(await hasKeptKeys(client))) return
  const { rows } = await client.query<Key>(
    'select "table", name, definition from compose.kept_keys where plugin = $1 order by 1, 2',
    [plugin],
  )
  for (const key of rows)
    if (await addKey(client, schema, key, log))
      await client.query(
        'delete from compose.kept_keys where plugin = $1 and "table" = $2 and name = $3',
        [plugin, key.table, key.name],
      )
}

/** Forgets the keys of a plugin whose tables are gone. */
export async function forgetKeys(client: pg.PoolClient, plugin: string): Promise<void> {
  if (await hasKeptKeys(client))
    await client.query('delete from compose.kept_keys where plugin = $1', [plugin])
}

/** Runs without any foreign key on the tables of a schema, so that rows may come in any order, and puts them on again. */
export async function withoutKeys<T>(
  client: pg.PoolClient,
  schema: string,
  log: Pick<Log, 'warn'> | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const keys = await keysOf(client, schema, 'true')
  for (const key of keys) await dropKey(client, schema, key)
  const result = await run()
  for (const key of keys) await addKey(client, schema, key, log)
  return result
}

async function keysOf(
  client: pg.PoolClient,
  schema: string,
  condition: string,
): Promise<readonly Key[]> {
  const { rows } = await client.query<Key>(
    `select c.relname as "table", k.conname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
     join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and k.conparentid = 0 and n.nspname = $1 and ${condition} order by 1, 2`,
    [schema],
  )
  return rows
}

const dropKey = (client: pg.PoolClient, schema: string, { table, name }: Key) =>
  client.query(`alter table ${quoted(schema)}.${quoted(table)} drop constraint ${quoted(name)}`)

/** Says whether the key is there now. */
async function addKey(
  client: pg.PoolClient,
  schema: string,
  { table, name, definition }: Key,
  log: Pick<Log, 'warn'> | undefined,
): Promise<boolean> {
  const tableSql = `${quoted(schema)}.${quoted(table)}`
  const isAdded = await tried(
    client,
    `alter table ${tableSql} add constraint ${quoted(name)} ${definition.replace(/ NOT VALID$/, '')} not valid`,
  )
  if (isAdded !== true) {
    log?.warn(`the foreign key ${name} of ${schema}.${table} cannot come back`, {
      because: isAdded.message,
    })
    return false
  }
  const isValid = await tried(client, `alter table ${tableSql} validate constraint ${quoted(name)}`)
  if (isValid !== true)
    log?.warn(`the foreign key ${name} of ${schema}.${table} holds for new rows only`, {
      because: isValid.message,
    })
  return true
}

/** Plugins whose keys are noted. */
export async function pluginsWithKeys(client: pg.PoolClient): Promise<readonly string[]> {
  if (!(await hasKeptKeys(client))) return []
  const { rows } = await client.query<{ plugin: string }>(
    'select distinct plugin from compose.kept_keys order by 1',
  )
  return rows.map(({ plugin }) => plugin)
}

async function hasKeptKeys(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('compose.kept_keys') is not null as found`,
  )
  return rows[0]?.found === true
}

import type pg from 'pg'
import type { Log } from '@bitcartcc/sdk/server'
import { quoted } from './quoted.ts'
import { tried } from './tried.ts'

/** A view that a plugin had before it left. */
interface View {
  readonly name: string
  readonly definition: string
}

const keptViewsSql = `create table if not exists compose.kept_views (
  plugin text not null, name text not null, definition text not null, position integer generated always as identity,
  primary key (plugin, name)
)`

/**
 * Takes the views of a plugin that left off the tables and views of others, and notes them: nobody is there who would
 * change them when what they read changes.
 */
export async function loosenViews(
  client: pg.PoolClient,
  plugin: string,
  schema: string,
): Promise<void> {
  const stuck = new Set<string>()
  for (;;) {
    const view = (await outermostViews(client, schema)).find(({ name }) => !stuck.has(name))
    if (!view) return
    const dropped = await tried(client, `drop view ${quoted(schema)}.${quoted(view.name)}`)
    if (dropped !== true) {
      stuck.add(view.name)
      continue
    }
    await client.query(keptViewsSql)
    await client.query(
      'insert into compose.kept_views (plugin, name, definition) values ($1, $2, $3) on conflict (plugin, name) do update set definition = excluded.definition, position = default',
      [plugin, view.name, view.definition],
    )
  }
}

/** Makes the views of a plugin that came back again, those first that others of its own read; one that does not fit any more stays noted. */
export async function tightenViews(
  client: pg.PoolClient,
  plugin: string,
  schema: string,
  log: Pick<Log, 'warn'> | undefined,
): Promise<void> {
  if (!(await hasKeptViews(client))) return
  const { rows } = await client.query<View>(
    'select name, definition from compose.kept_views where plugin = $1 order by position desc',
    [plugin],
  )
  for (const { name, definition } of rows) {
    const viewSql = `${quoted(schema)}.${quoted(name)}`
    const made = await tried(client, `create view ${viewSql} ${definition}`)
    if (made !== true) {
      log?.warn(`the view ${name} of ${schema} cannot come back`, { because: made.message })
      continue
    }
    await client.query(`alter view ${viewSql} owner to ${quoted(await ownerOf(client, schema))}`)
    await client.query('delete from compose.kept_views where plugin = $1 and name = $2', [
      plugin,
      name,
    ])
  }
}

/** Forgets the views of a plugin whose tables are gone. */
export async function forgetViews(client: pg.PoolClient, plugin: string): Promise<void> {
  if (await hasKeptViews(client))
    await client.query('delete from compose.kept_views where plugin = $1', [plugin])
}

/** The role of the plugin, or whoever migrates where the server lets us make none. */
async function ownerOf(client: pg.PoolClient, schema: string): Promise<string> {
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1',
    [schema],
  )
  return rows[0]?.owner ?? schema
}

/** Views that read what is outside of their schema, also through one another, and that no other of these reads. */
async function outermostViews(client: pg.PoolClient, schema: string): Promise<readonly View[]> {
  const { rows } = await client.query<View>(
    `with recursive reads as (
       select distinct v.oid, v.relname, v.reloptions, r.oid as read, r.relnamespace <> v.relnamespace as is_outside
       from pg_depend d join pg_rewrite w on w.oid = d.objid join pg_class v on v.oid = w.ev_class
       join pg_class r on r.oid = d.refobjid join pg_namespace n on n.oid = v.relnamespace
       where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and r.oid <> v.oid
         and v.relkind = 'v' and n.nspname = $1 and r.relnamespace <> 'pg_catalog'::regnamespace
     ), outward as (
       select oid from reads where is_outside
       union
       select reads.oid from reads join outward on outward.oid = reads.read
     )
     select distinct relname as name,
       coalesce('with (' || array_to_string(reloptions, ', ') || ') ', '') || 'as ' || pg_get_viewdef(oid) as definition
     from reads
     where oid in (select oid from outward)
       and not exists (select from reads others join outward on outward.oid = others.oid where others.read = reads.oid)
     order by 1`,
    [schema],
  )
  return rows
}

/** Plugins whose views are noted. */
export async function pluginsWithViews(client: pg.PoolClient): Promise<readonly string[]> {
  if (!(await hasKeptViews(client))) return []
  const { rows } = await client.query<{ plugin: string }>(
    'select distinct plugin from compose.kept_views order by 1',
  )
  return rows.map(({ plugin }) => plugin)
}

async function hasKeptViews(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('compose.kept_views') is not null as found`,
  )
  return rows[0]?.found === true
}

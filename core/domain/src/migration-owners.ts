import type pg from 'pg'
import type { Log } from '@bitcartcc/sdk/server'
import { quoted } from './quoted.ts'
import type { MigrationPlan } from './migration-plan.ts'

/** Where the statements of one owner run, and as whom. */
export interface OwnerState {
  readonly plugin: string
  readonly schema: string
  readonly schemaSql: string
  /** Absent for core, and where the server lets us make no roles. */
  readonly roleSql: string | undefined
}

/** Makes the schema of an owner, and the role its statements run as, so that a slip cannot reach another's tables. */
export async function makeOwner(
  client: pg.PoolClient,
  plan: MigrationPlan,
  plugin: string,
  log: Pick<Log, 'warn'> | undefined,
): Promise<OwnerState> {
  const schema =
    plan.owners.find((owner) => owner.plugin === plugin)?.schema ??
    (plugin === 'core' ? 'core' : undefined)
  if (!schema) throw new Error(`the migration plan has steps of ${plugin} and no owner`)
  const schemaSql = quoted(schema)
  if (plugin === 'core') {
    await client.query(`create schema if not exists ${schemaSql}`)
    return { plugin, schema, schemaSql, roleSql: undefined }
  }
  const roleSql = await makeRole(client, schema, log)
  await client.query(
    `create schema if not exists ${schemaSql}${roleSql ? ` authorization ${roleSql}` : ''}`,
  )
  return { plugin, schema, schemaSql, roleSql }
}

/** Lets an owner read core's views and what it may read of others, and point foreign keys at the columns that others publish. */
export async function grantsFor(client: pg.PoolClient, plan: MigrationPlan, owner: OwnerState) {
  if (!owner.roleSql) return
  if (await exists(client, `to_regnamespace('core_v1')`)) {
    await client.query(`grant usage on schema core_v1 to ${owner.roleSql}`)
    await client.query(`grant select on all tables in schema core_v1 to ${owner.roleSql}`)
  }
  for (const read of plan.owners.find(({ plugin }) => plugin === owner.plugin)?.reads ?? []) {
    const [schema = '', table = ''] = read.split('.')
    const tableSql = `${quoted(schema)}.${quoted(table)}`
    if (!(await exists(client, `to_regclass(${literal(tableSql)})`))) continue
    await client.query(`grant usage on schema ${quoted(schema)} to ${owner.roleSql}`)
    await client.query(`grant select on ${tableSql} to ${owner.roleSql}`)
  }
  for (const other of plan.owners) {
    if (other.plugin === owner.plugin) continue
    for (const reference of other.references) {
      const [, table, column] = /^(.+)\((.+)\)$/.exec(reference) ?? []
      if (!table || !column)
        throw new Error(`${other.plugin} publishes ${reference}, which is not table(column)`)
      const tableSql = `${quoted(other.schema)}.${quoted(table)}`
      if (!(await exists(client, `to_regclass(${literal(tableSql)})`))) continue
      await client.query(`grant usage on schema ${quoted(other.schema)} to ${owner.roleSql}`)
      await client.query(
        `grant references (${quoted(column.trim())}) on ${tableSql} to ${owner.roleSql}`,
      )
    }
  }
}

async function makeRole(
  client: pg.PoolClient,
  name: string,
  log: Pick<Log, 'warn'> | undefined,
): Promise<string | undefined> {
  const roleSql = quoted(name)
  try {
    // Roles are the whole server's: another database of it may have made this one.
    if (!(await exists(client, `to_regrole(${literal(roleSql)})`)))
      await client.query(`create role ${roleSql} nologin`)
    // From 16 on, whoever makes a role may grant it, and is not yet in it.
    const { rows } = await client.query<{ isUsable: boolean }>(
      `select pg_has_role(session_user, ${literal(name)}, 'usage') as "isUsable"`,
    )
    if (!rows[0]?.isUsable) await client.query(`grant ${roleSql} to current_user`)
    await client.query(`set role ${roleSql}`)
    await client.query('reset role')
    return roleSql
  } catch (error) {
    log?.warn(`no role ${name}: its migrations run as the user of DATABASE_URL`, {
      because: error instanceof Error ? error.message : String(error),
    })
    return undefined
  }
}

async function exists(client: pg.PoolClient, expression: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select ${expression} is not null as found`,
  )
  return rows[0]?.found === true
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

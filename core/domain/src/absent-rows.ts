import type pg from 'pg'

/** What a plugin has in core's tables and in the queue, by number. */
export interface AbsentRows {
  /** Settings that were given in the admin. */
  readonly settings: number
  /** Accounts that stores gave its payment methods. */
  readonly accounts: number
  /** Jobs and events that wait for it in the queue. */
  readonly jobs: number
}

/** Each table with the condition on its rows, `$1` the plugin; an export names its rows by this word. */
const rowsOfCore = {
  setting: { table: 'core.settings', where: 'plugin = $1', order: 'key' },
  account: {
    table: 'core.payment_accounts',
    where: `split_part(method, '.', 1) = $1`,
    order: 'store_id, method',
  },
} as const

const waiting = `data ->> 'plugin' = $1 and state in ('created', 'retry')`
/** A day that no worker sees: the queue has no word for a job that waits for its plugin. */
const parked = `timestamptz '9999-01-01 00:00Z'`

/** Counts them; a database of an older core may lack some of the tables. */
export async function absentRows(client: pg.PoolClient, plugin: string): Promise<AbsentRows> {
  const { setting, account } = rowsOfCore
  return {
    settings: await countOf(client, setting.table, setting.where, plugin),
    accounts: await countOf(client, account.table, account.where, plugin),
    jobs: await countOf(client, 'jobs.job', waiting, plugin),
  }
}

/** Reads its settings and accounts for an export, each as JSON. */
export async function coreRows(
  client: pg.PoolClient,
  plugin: string,
): Promise<readonly { readonly word: string; readonly json: string }[]> {
  const found: { word: string; json: string }[] = []
  for (const [word, { table, where, order }] of Object.entries(rowsOfCore)) {
    if (!(await exists(client, table))) continue
    const { rows } = await client.query<{ json: string }>(
      `select row_to_json(t)::text as json from ${table} t where ${where} order by ${order}`,
      [plugin],
    )
    found.push(...rows.map(({ json }) => ({ word, json })))
  }
  return found
}

/** Takes away what a plugin has there. */
export async function dropRows(client: pg.PoolClient, plugin: string): Promise<void> {
  for (const { table, where } of Object.values(rowsOfCore))
    if (await exists(client, table))
      await client.query(`delete from ${table} where ${where}`, [plugin])
  if (await exists(client, 'jobs.job'))
    await client.query(`delete from jobs.job where data ->> 'plugin' = $1`, [plugin])
}

/** Lets the jobs of a plugin that left wait until it is back: nobody is there who could do them. */
export async function parkJobs(client: pg.PoolClient, plugin: string): Promise<void> {
  if (await exists(client, 'jobs.job'))
    await client.query(
      `update jobs.job set start_after = ${parked}, keep_until = ${parked} where ${waiting} and start_after < ${parked}`,
      [plugin],
    )
}

/** The jobs of a plugin that came back are due at once, and kept for as long as new ones. */
export async function takeUpJobs(client: pg.PoolClient, plugin: string): Promise<void> {
  if (await exists(client, 'jobs.job'))
    await client.query(
      `update jobs.job set start_after = now(), keep_until = now() + interval '14 days' where ${waiting} and start_after = ${parked}`,
      [plugin],
    )
}

async function countOf(
  client: pg.PoolClient,
  table: string,
  where: string,
  plugin: string,
): Promise<number> {
  if (!(await exists(client, table))) return 0
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from ${table} where ${where}`,
    [plugin],
  )
  return Number(rows[0]?.count ?? 0)
}

async function exists(client: pg.PoolClient, table: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    'select to_regclass($1) is not null as found',
    [table],
  )
  return rows[0]?.found === true
}

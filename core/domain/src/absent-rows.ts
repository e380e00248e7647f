import type pg from 'pg'

/** What a plugin has in core's tables and in the queue, by number. */
export interface AbsentRows {
  /** Settings that were given in the admin: for the whole shop, for stores, for users. */
  readonly settings: number
  /** Records that it noted something about. */
  readonly metadata: number
  /** Accounts that stores gave its payment methods. */
  readonly accounts: number
  /** Jobs and events that wait for it in the queue. */
  readonly jobs: number
}

/** One table of core that holds rows of plugins. */
interface RowsOfCore {
  readonly counted: 'settings' | 'accounts' | 'metadata'
  readonly table: string
  /** Which rows are a plugin's, `$1`. */
  readonly where: string
  readonly order: string
  /** What a row belongs to: a column of it, and the table whose id that is. */
  readonly of?: readonly [column: string, table: string]
}

const notesOf = (noun: string, table = `${noun}s`): RowsOfCore => ({
  counted: 'metadata',
  table: `core.${noun}_metadata`,
  where: 'namespace = $1',
  order: 'record_id',
  of: ['record_id', `core.${table}`],
})

/** An export names the rows of each table by this word. */
export const rowsOfCore: Readonly<Record<string, RowsOfCore>> = {
  setting: { counted: 'settings', table: 'core.settings', where: 'plugin = $1', order: 'key' },
  storeSetting: {
    counted: 'settings',
    table: 'core.store_settings',
    where: 'plugin = $1',
    order: 'store_id, key',
    of: ['store_id', 'core.stores'],
  },
  userSetting: {
    counted: 'settings',
    table: 'core.user_settings',
    where: 'plugin = $1',
    order: 'user_id, key',
    of: ['user_id', 'core.users'],
  },
  account: {
    counted: 'accounts',
    table: 'core.payment_accounts',
    where: `split_part(method, '.', 1) = $1`,
    order: 'store_id, method',
    of: ['store_id', 'core.stores'],
  },
  storeMetadata: notesOf('store'),
  productMetadata: notesOf('product'),
  invoiceMetadata: notesOf('invoice'),
  cartMetadata: notesOf('cart'),
  userMetadata: notesOf('user'),
  webhookMetadata: notesOf('webhook'),
  noticeMetadata: notesOf('notice', 'notice_rules'),
}

const waiting = `data ->> 'plugin' = $1 and state in ('created', 'retry')`
/** A day that no worker sees: the queue has no word for a job that waits for its plugin. */
const parked = `timestamptz '9999-01-01 00:00Z'`

/** Counts them; a database of an older core may lack some of the tables. */
export async function absentRows(client: pg.PoolClient, plugin: string): Promise<AbsentRows> {
  const counts = { settings: 0, accounts: 0, metadata: 0 }
  for (const { counted, table, where } of Object.values(rowsOfCore))
    counts[counted] += await countOf(client, table, where, plugin)
  return {
    ...counts,
    jobs: await countOf(client, 'jobs.job', waiting, plugin),
  }
}

/** Reads its rows there for an export, each as JSON. */
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

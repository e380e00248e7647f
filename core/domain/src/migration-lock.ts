import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { Refused } from '@bitcartcc/sdk/problem'

/** The product, and the schema of the ledger. Advisory locks are a database's own. */
const lockKeys = [0x62_63_63, 0x6c_65_64] as const

/** Runs on one connection that holds the migrators' lock; the lock dies with the connection. */
export async function withMigrationLock<T>(
  pool: pg.Pool,
  timeoutMs: number,
  run: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let isClean = false
  try {
    const pid = await pidOf(client)
    await take(client, timeoutMs)
    if ((await pidOf(client)) !== pid) throw new Refused([behindPooler])
    try {
      return await run(client)
    } finally {
      isClean = await release(client)
    }
  } finally {
    // A connection in a state we do not know is not given back.
    client.release(!isClean)
  }
}

async function take(client: pg.PoolClient, timeoutMs: number) {
  const until = performance.now() + timeoutMs
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1, $2) as taken',
      [...lockKeys],
    )
    if (rows[0]?.taken) return
    if (performance.now() >= until) throw new Refused([locked(await holderOf(client), timeoutMs)])
    await sleep(200)
  }
}

async function release(client: pg.PoolClient): Promise<boolean> {
  try {
    const { rows } = await client.query<{ released: boolean }>(
      'select pg_advisory_unlock($1, $2) as released',
      [...lockKeys],
    )
    return rows[0]?.released === true
  } catch {
    return false
  }
}

async function pidOf(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}

async function holderOf(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ pid: number; application: string; since: string }>(
    `select a.pid, a.application_name as application, a.backend_start::text as since from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.classid = $1 and l.objid = $2 and l.granted and l.database = (select oid from pg_database where datname = current_database())`,
    [...lockKeys],
  )
  const holder = rows[0]
  return holder
    ? `PostgreSQL process ${holder.pid}, ${holder.application || 'unnamed'}, connected since ${holder.since}`
    : 'a process that is gone by now'
}

const locked = (holder: string, timeoutMs: number) => ({
  code: 'migrate/locked' as const,
  says: 'Another migration is running on this database.',
  facts: [
    ['held by', holder],
    ['waited', `${Math.round(timeoutMs / 1000)} s`],
  ],
  kept: 'Nothing was migrated.',
  fix: ['Wait for it to end and run migrate again.'],
})

const behindPooler = {
  code: 'migrate/pooler' as const,
  says: 'DATABASE_URL leads to a pooler that gives each statement another connection.',
  kept: 'Nothing was migrated.',
  fix: ['Give migrate the direct address of PostgreSQL in DATABASE_URL.'],
}

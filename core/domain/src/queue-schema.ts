import { PgBoss } from 'pg-boss'
import type pg from 'pg'
import { Refused } from '@bitcartcc/sdk/problem'
import { executeSql } from './queue-sql.ts'

export const queueSchema = 'jobs'

/** Installs or updates the tables of the queue, so that everything else starts without changing a schema. */
export async function installQueueSchema(client: pg.PoolClient) {
  const boss = idleBoss(client, true)
  await boss.start()
  try {
    const present = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]))
    for (const name of queueNames) {
      const queue = present.get(name)
      if (!queue) await boss.createQueue(name, queues[name])
      else if (queue.heartbeatSeconds !== heartbeatSeconds)
        await boss.updateQueue(name, { heartbeatSeconds })
    }
  } finally {
    await boss.stop({ close: false, graceful: false })
  }
  if (!(await fits(client))) throw new Refused([queueAhead])
}

/** Says whether the tables of the queue are those that this distribution works with. */
export async function isQueueReady(pool: pg.Pool): Promise<boolean> {
  const client = await pool.connect()
  try {
    return await fits(client)
  } finally {
    client.release()
  }
}

async function fits(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('${queueSchema}.version') is not null as found`,
  )
  if (!rows[0]?.found) return false
  const boss = idleBoss(client, false)
  try {
    await boss.start()
  } catch (error) {
    // Its only complaint about tables that are there.
    if (error instanceof Error && error.message.includes('requires migrations')) return false
    throw error
  }
  await boss.stop({ close: false, graceful: false })
  return true
}

function idleBoss(client: pg.PoolClient, migrate: boolean): PgBoss {
  const db = { executeSql: (text: string, values?: unknown[]) => executeSql(client, text, values) }
  return new PgBoss({
    db,
    schema: queueSchema,
    migrate,
    ...(migrate ? {} : { migrations: noMigrations }),
    supervise: false,
    schedule: false,
  })
}

/** For a queue that only looks which its tables are: else it writes out the SQL of every version at each start. */
export const noMigrations: readonly never[] = []

/** A worker that was killed says nothing any more: what it had begun is given to another after this. */
const heartbeatSeconds = 20

const queues = {
  events: {
    policy: 'standard',
    retryLimit: 8,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 900,
    heartbeatSeconds,
    deleteAfterSeconds: 604_800,
  },
  // `short` keeps one queued job a key, and would collapse all keyless ones: those get a key of their own.
  jobs: {
    policy: 'short',
    retryLimit: 5,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 900,
    heartbeatSeconds,
    deleteAfterSeconds: 604_800,
  },
  // Apart from the jobs: what goes out of the house, webhooks and notices. Receivers that are slow hold up each other alone. A try that fails queues the next one.
  webhooks: {
    policy: 'standard',
    retryLimit: 5,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 900,
    heartbeatSeconds,
    deleteAfterSeconds: 604_800,
  },
} as const

export const queueNames = [
  'events',
  'jobs',
  'webhooks',
] as const satisfies readonly (keyof typeof queues)[]

const queueAhead = {
  code: 'migrate/future' as const,
  says: 'The tables of the job queue were made by a newer distribution.',
  facts: [['schema', queueSchema]],
  kept: 'The database was not changed.',
  fix: ['Run the newer distribution, or restore a backup from before the update.'],
}

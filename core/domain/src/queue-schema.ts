import { PgBoss } from 'pg-boss'
import type pg from 'pg'
import { executeSql } from './queue-sql.ts'

export const queueSchema = 'jobs'

/** Installs or updates the tables of the queue, so that everything else starts without changing a schema. */
export async function installQueueSchema(client: pg.PoolClient) {
  const db = { executeSql: (text: string, values?: unknown[]) => executeSql(client, text, values) }
  const boss = new PgBoss({
    db,
    schema: queueSchema,
    migrate: true,
    supervise: false,
    schedule: false,
  })
  await boss.start()
  try {
    const present = new Set((await boss.getQueues()).map((queue) => queue.name))
    for (const name of queueNames)
      if (!present.has(name)) await boss.createQueue(name, queues[name])
  } finally {
    await boss.stop({ close: false, graceful: false })
  }
}

const queues = {
  events: {
    policy: 'standard',
    retryLimit: 8,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 900,
    deleteAfterSeconds: 86_400,
  },
  // `short` keeps one queued job a key, and would collapse all keyless ones: those get a key of their own.
  jobs: {
    policy: 'short',
    retryLimit: 5,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 900,
    deleteAfterSeconds: 86_400,
  },
} as const

export const queueNames = ['events', 'jobs'] as const satisfies readonly (keyof typeof queues)[]

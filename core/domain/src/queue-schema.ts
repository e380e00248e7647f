import { PgBoss } from 'pg-boss'
import type pg from 'pg'
import { executeSql } from './queue-sql.ts'

export const queueSchema = 'jobs'

/** Installs or updates the tables of the queue, so that everything else starts without changing a schema. */
export async function installQueueSchema(client: pg.PoolClient) {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => executeSql(client, text, values) },
    schema: queueSchema,
    migrate: true,
    supervise: false,
    schedule: false,
  })
  await boss.start()
  await boss.stop({ close: false, graceful: false })
}

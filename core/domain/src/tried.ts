import type pg from 'pg'

/** Runs a statement inside a transaction that goes on where PostgreSQL refuses it; gives the error it was refused with. */
export async function tried(client: pg.PoolClient, sql: string): Promise<true | Error> {
  await client.query('savepoint tried')
  try {
    await client.query(sql)
    return true
  } catch (error) {
    await client.query('rollback to savepoint tried')
    return error instanceof Error ? error : new Error(String(error))
  }
}

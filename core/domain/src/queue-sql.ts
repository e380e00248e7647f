import type pg from 'pg'

/** Runs the queue's SQL on one connection; of several statements at once gives the rows of all. A failed block is rolled back. */
export async function executeSql(
  client: pg.PoolClient,
  text: string,
  values?: unknown[],
): Promise<{ rows: unknown[] }> {
  try {
    const result: pg.QueryResult | pg.QueryResult[] = await client.query(
      text,
      values?.length ? values : undefined,
    )
    return { rows: Array.isArray(result) ? result.flatMap((each) => each.rows) : result.rows }
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

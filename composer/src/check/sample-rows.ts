import type pg from 'pg'
import type { SampleRows } from '../model/plan.ts'
import type { SampleFailure, Sampling } from './rehearse.ts'

/** Puts sample rows into the tables of each owner, as its migrations would; gives how many, or what did not fit. */
export async function putRows(
  pool: pg.Pool,
  samples: readonly SampleRows[],
  mode: Sampling['mode'],
): Promise<{ readonly rows: number; readonly failed: readonly SampleFailure[] }> {
  const client = await pool.connect()
  const failed: SampleFailure[] = []
  let rows = 0
  try {
    for (const { plugin, schema, statements } of samples) {
      if (!(await hasSchema(client, schema))) continue
      await client.query('begin')
      await client.query(`set local search_path = "${schema}"`)
      if (plugin !== 'core') await client.query(`set local role "${schema}"`)
      for (const { sql, line } of statements) {
        await client.query('savepoint statement')
        try {
          rows += (await client.query(sql)).rowCount ?? 0
        } catch (error) {
          await client.query('rollback to savepoint statement')
          if (mode === 'what fits') continue
          failed.push({ plugin, line, sql, says: wordsOf(error) })
          break
        }
      }
      await client.query('commit')
    }
    return { rows, failed }
  } finally {
    client.release()
  }
}

async function hasSchema(client: pg.PoolClient, schema: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_namespace where nspname = $1', [schema])
  return rowCount === 1
}

function wordsOf(error: unknown): readonly string[] {
  if (!(error instanceof Error) || !('code' in error)) throw error
  const { detail, hint } = error as { detail?: string; hint?: string } // PostgreSQL's own errors have them
  return [error.message, detail, hint].filter((text) => text !== undefined)
}

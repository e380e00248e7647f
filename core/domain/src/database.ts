import type { Kysely } from 'kysely'
import type pg from 'pg'

/** One door to PostgreSQL: Kysely over `pg`, for the embedded database and for a server alike. */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  readonly pool: pg.Pool
  // The domain narrows it with the types of its own tables.
  readonly db: Kysely<unknown>
  close(): Promise<void>
}

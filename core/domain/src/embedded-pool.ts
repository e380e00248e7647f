import pg from 'pg'
import { askByName } from './prepared.ts'
import { readTypes } from './timestamps.ts'

/** The one connection of an embedded database, as a pool. */
export function embeddedPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    types: readTypes,
    max: 1,
    connectionTimeoutMillis: 30_000,
    idleTimeoutMillis: 0,
  })
  pool.on('connect', askByName)
  return pool
}

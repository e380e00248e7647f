import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { OpenEmbedded } from '@bitcartcc/sdk/embedded'
import { refuseFullDisk } from './disk-room.ts'
import { embeddedConnection } from './embedded-connection.ts'
import { wasmCompiledOnce } from './wasm-flags.ts'
import { lockFolder } from './folder-lock.ts'
import { layOut } from './lay-out.ts'

/**
 * What an embedded PostgreSQL is told beside PGlite's own: 32 MB of buffers.
 *
 * The default of 128 MB is filled with zeros at each start: 0.5 s and 100 MB, and the system keeps the files in memory anyway.
 */
const ownStartParams: readonly string[] = ['-c', 'shared_buffers=32MB']

/**
 * How one is begun, parameters of initdb: with those buffers, for it starts PostgreSQL a few times; and with a log in files of
 * 1 MB instead of 16, so that a new shop has two thirds less to write, and its log stays within 64 MB instead of 1 GB.
 */
const ownInitParams: readonly string[] = ['--set', 'shared_buffers=32MB', '--wal-segsize=1']

/** How PostgreSQL is begun and started inside a process, whatever keeps its rows. */
export const embeddedOptions = () => ({
  startParams: [...PGlite.defaultStartParams, ...ownStartParams],
  initDbStartParams: [...ownInitParams],
})

/** Opens PostgreSQL inside this process, its rows in a folder that no other process may have open. */
export const openEmbedded: OpenEmbedded = async (folder, options) => {
  // Optimising takes more than a second of each start and 500 MB at its highest, for a product list that then takes a
  // sixth less. Who sells that much has a PostgreSQL server.
  for (const flag of wasmCompiledOnce) setFlagsFromString(flag)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(folder)
  try {
    const rows = join(folder, 'rows')
    const unfinished = join(folder, 'rows.unfinished')
    // Whoever began to make it was killed: nothing was ever in it.
    if (existsSync(unfinished)) rmSync(rows, { recursive: true, force: true })
    const isNew = !existsSync(join(rows, 'PG_VERSION'))
    refuseFullDisk(folder, isNew)
    if (isNew) writeFileSync(unfinished, '')
    const snapshot = isNew ? options?.snapshot?.() : undefined
    if (snapshot) layOut(snapshot, rows)
    const lite = await PGlite.create({ dataDir: rows, ...embeddedOptions() })
    rmSync(unfinished, { force: true })
    return {
      poolConfig: { Client: clientOf(lite) },
      async close() {
        if (!lite.closed) await lite.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** A connection that breaks is followed by a new one to the same database; one configuration would serve only once. */
function clientOf(lite: PGlite) {
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, ...embeddedConnection(lite) })
    }
  }
}

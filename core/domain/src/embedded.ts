import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { OpenEmbedded } from '@bitcartcc/sdk/embedded'
import { refuseFullDisk } from './disk-room.ts'
import { embeddedConnection } from './embedded-connection.ts'
import { wasmCompiledOnce } from './wasm-flags.ts'
import { lockFolder } from './folder-lock.ts'
import { layOut } from './lay-out.ts'
import { startPglite } from './pglite.ts'

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
    const lite = await startPglite({ dataDir: rows })
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

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Files } from '../cache/cache.ts'
import { emptyCluster } from '../cluster/index.ts'

/**
 * The files of the embedded database, 17 MB that no plugin changes: what PGlite reads beside the chunk it is in, which the
 * bundler does not see, and an empty database, which a first start would take four seconds to make.
 */
export async function embeddedFiles(): Promise<Files> {
  const lite = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))
  return new Map([
    ['chunks/empty-database.tar.zst', await emptyCluster()],
    ...['initdb.wasm', 'pglite.data', 'pglite.wasm'].map(
      (name) => [`chunks/${name}`, readFileSync(join(lite, name))] as const,
    ),
  ])
}

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { emptyDatabaseFile } from '@bitcartcc/domain/empty-database'
import type { Files } from '../cache/cache.ts'

/**
 * The files of the embedded database, 16 MB that no plugin changes: what PGlite reads beside the chunk it is in, which the
 * bundler does not see, and an empty database, which a first start would take four seconds to make.
 */
export function embeddedFiles(): Files {
  const lite = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))
  return new Map([
    ['chunks/empty-database.tar.zst', readFileSync(emptyDatabaseFile)],
    ...['initdb.wasm', 'pglite.data', 'pglite.wasm'].map(
      (name) => [`chunks/${name}`, readFileSync(join(lite, name))] as const,
    ),
  ])
}

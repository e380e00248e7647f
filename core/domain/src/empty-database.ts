import { fileURLToPath } from 'node:url'

/**
 * Absolute file of an embedded PostgreSQL with nothing in it: a data folder as a tar, packed with zstd.
 *
 * Beginning one takes PostgreSQL four seconds and 600 MB, ten times what all migrations of core take, and gives the same each
 * time: so it lies here, and a test makes it anew and compares. Rehearsals begin with it, and an embedded distribution carries
 * it for its first start.
 */
export const emptyDatabaseFile = fileURLToPath(
  new URL('../empty-database/empty-database.tar.zst', import.meta.url),
)

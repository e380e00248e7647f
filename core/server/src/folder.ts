import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { zstdDecompressSync } from 'node:zlib'
import type { CompiledSchemas } from '@bitcartcc/api'
import type { MigrationPlan, SchemaObject } from '@bitcartcc/domain/migration-plan'
import type { Distribution } from '@bitcartcc/sdk/resources'

/** What lies beside `server.js` in a distribution. */
export interface DistributionFolder {
  readonly folder: string
  readonly distribution: Distribution
  readonly migrations: MigrationPlan
  /** What the migrations lead to, as the build saw it. */
  readonly schema: () => readonly SchemaObject[]
  /** An embedded database with nothing in it, as a tar; undefined where the distribution brings none. */
  readonly emptyDatabase: () => Uint8Array | undefined
  /** The functions compiled ahead of time; undefined when running from source. */
  readonly compiled: () => Promise<CompiledSchemas | undefined>
}

/** Reads the facts of a distribution; its package stage has written them. */
export function readFolder(folder: string): DistributionFolder {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const validators = join(folder, 'validators.js')
  return {
    folder,
    distribution: json('distribution.json') as Distribution, // written by our own composer, covered by SHA256SUMS
    migrations: json('migrations/plan.json') as MigrationPlan, // as above
    schema: () => json('migrations/schema.json') as readonly SchemaObject[], // as above
    emptyDatabase: () => {
      const packed = join(folder, 'chunks/empty-database.tar.zst')
      // In large pieces: zlib would give 64 kB at a time, and joining those takes longer than unpacking.
      return existsSync(packed)
        ? zstdDecompressSync(readFileSync(packed), { chunkSize: 1 << 26 })
        : undefined
    },
    compiled: async () =>
      existsSync(validators)
        ? ((await import(/* @vite-ignore */ pathToFileURL(validators).href)) as CompiledSchemas) // as above
        : undefined,
  }
}

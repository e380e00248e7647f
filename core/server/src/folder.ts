import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
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
    compiled: async () =>
      existsSync(validators)
        ? ((await import(/* @vite-ignore */ pathToFileURL(validators).href)) as CompiledSchemas) // as above
        : undefined,
  }
}

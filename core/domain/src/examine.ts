import type pg from 'pg'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { MigrationPlan, SchemaObject } from './migration-plan.ts'
import { ledgerExists, readLedger } from './ledger.ts'
import type { Newer } from './migration-problems.ts'
import { stateOf } from './migration-state.ts'
import { isQueueReady } from './queue-schema.ts'
import { schemaDifferences, type Difference } from './schema-differences.ts'
import { readSchema } from './schema-objects.ts'

/** What a database was found to be, held against the distribution. */
export interface Examined {
  /** Empty where both are alike. */
  readonly differences: readonly Difference[]
  /** Schemas whose own migrations are still pending, so that there was nothing to compare. */
  readonly notCompared: readonly string[]
  /** What newer releases left behind, which does no harm. */
  readonly newer: readonly Newer[]
  /** How many tables, columns, indexes and constraints are as they should be. */
  readonly alike: number
}

/** Compares ledger and live schema of a database with the plan and the schema that the build rehearsed; changes nothing. */
export async function examine(
  pool: pg.Pool,
  plan: MigrationPlan,
  expected: readonly SchemaObject[],
): Promise<Examined> {
  const ledger = (await ledgerExists(pool)) ? await readLedger(pool) : []
  const { problems, newer, steps: waiting } = stateOf(plan, ledger)
  const known = new Set(plan.steps.map(({ id }) => id))
  const schemasOf = (plugin: string) => {
    const schema = plan.owners.find((owner) => owner.plugin === plugin)?.schema
    return schema === undefined ? [] : plugin === 'core' ? ['core', 'core_v1'] : [schema]
  }
  const notCompared = new Set(waiting.flatMap(({ plugin }) => schemasOf(plugin)))
  const compared = plan.owners
    .flatMap(({ plugin }) => schemasOf(plugin))
    .filter((schema) => !notCompared.has(schema))
  // Newer releases have been here, and what they added does no harm.
  const wasNewer = new Set(
    ledger.filter(({ id }) => !known.has(id)).flatMap(({ plugin }) => schemasOf(plugin)),
  )
  const isCompared = ({ schema }: SchemaObject) => compared.includes(schema)
  const wanted = expected.filter(isCompared)
  const names = new Set(wanted.map(nameOf))
  const live = (await readSchema(pool)).filter(
    (each) => isCompared(each) && (!wasNewer.has(each.schema) || names.has(nameOf(each))),
  )
  const ofSchema = schemaDifferences(wanted, live)
  const queue = waiting.length === 0 && !(await isQueueReady(pool)) ? [queueDifference] : []
  return {
    differences: [
      ...problems.map(differenceOf),
      ...waiting.map(({ id }) => ({ where: id, what: 'the migration is pending', mend })),
      ...queue,
      ...ofSchema,
    ],
    notCompared: [...notCompared].toSorted(),
    newer,
    alike: wanted.length - ofSchema.length,
  }
}

const mend = 'node server.js migrate'
const queueDifference: Difference = {
  where: 'jobs',
  what: 'the tables of the job queue are not those of this distribution',
  mend,
}
const nameOf = ({ kind, schema, table, name }: SchemaObject) =>
  [kind, schema, table, name].join('\0')

const differenceOf = ({ says, facts, fix }: Problem): Difference => ({
  where: facts?.find(([place]) => place?.includes('/'))?.[0] ?? 'the ledger',
  what: says,
  mend: fix[0] ?? '',
})

import type { MigrationPlan, SchemaObject } from '@bitcartcc/domain/migration-plan'
import { schemaDifferences } from '@bitcartcc/domain/schema-differences'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Cache, Files } from '../cache/cache.ts'
import { ranBefore } from '../cache/compiled-code.ts'
import { hashOf } from '../cache/hash.ts'
import { ownCache } from '../cache/own-cache.ts'
import { programBeside } from '../house.ts'
import type { Plan as WholePlan, SampleRows } from '../model/plan.ts'
import type { Catalog } from '../types/tables.ts'
import { planBefore, type Before } from './plan-before.ts'
import { migrationFailed, rehearsalBroke, rehearsalTooSlow, upgradeDiffers } from './problems.ts'
import { samplesUnfit, upgradeFailed, type SampleOwner } from './sample-problems.ts'
import { ChildFailed, runChild } from './run-child.ts'

/** Of a plan, what is rehearsed. */
type Plan = Pick<WholePlan, 'core' | 'migrations' | 'plugins' | 'samples'>

export interface RehearsalOrder {
  readonly plan: MigrationPlan
  /** A packed data folder to start from; absent for one with nothing in it. */
  readonly from: Uint8Array | undefined
  /** Also give the folder as it is after core's own steps. */
  readonly keepCore: boolean
  /** Rows to put in before the steps, and after the folder was packed. */
  readonly before?: Sampling
  readonly after?: Sampling
}
/** Sample rows, and whether all of them must fit. */
export interface Sampling {
  readonly samples: readonly SampleRows[]
  readonly mode: 'all' | 'what fits'
}
export interface SampleFailure {
  readonly plugin: string
  readonly line: number
  readonly sql: string
  /** PostgreSQL's words. */
  readonly says: readonly string[]
}
export interface RehearsalAnswer {
  readonly problems: readonly Problem[]
  readonly failed: readonly SampleFailure[]
  readonly applied: number
  /** Sample rows that were there before the first step. */
  readonly rows: number
  readonly catalog: Catalog
  readonly schema: readonly SchemaObject[]
  readonly snapshot: Uint8Array | undefined
  readonly core: Uint8Array | undefined
}

/** What the migrations lead to. */
export interface Rehearsed {
  /** The data folder at the end, a tar packed with zstd: where `prove` starts from. It holds no sample rows. */
  readonly snapshot: Uint8Array
  readonly catalog: Catalog
  /** The same in all detail, and core's too: what a database is examined by. */
  readonly schema: readonly SchemaObject[]
  readonly steps: number
  /** What ran on the database of the lock before; undefined where that database is not known, so that nothing was tried. */
  readonly fromBefore: Upgraded | undefined
  readonly isAsBefore: boolean
}
export interface Upgraded {
  readonly steps: number
  /** Sample rows that the steps found in the tables. */
  readonly rows: number
  /** Those of then are not known any more: they were the rows of today that fit the tables of then. */
  readonly areOfToday: boolean
}

const timeLimitMs = 120_000

/** Runs all migrations on a database in memory, from empty and, where it is known, from the end of the previous lock. */
export async function rehearse(
  plan: Plan,
  previous: Before | undefined,
  cache: Cache,
): Promise<Rehearsed> {
  const { migrations } = plan
  const key = stateKey(checksumsOf(migrations), plan.core)
  const before = previous && stateKey(previous.lock.migrations, previous.lock.core.version)
  const upgrade =
    previous === undefined || before === undefined || before === key
      ? undefined
      : await upgradeOnce(plan, { ...previous, state: before }, key, cache)
  const fromBefore = before === key ? { steps: 0, rows: 0, areOfToday: false } : upgrade?.upgraded
  const known = cache.get(key)
  const snapshot = known?.get('snapshot')
  const catalog = known?.get('catalog')
  const schema = known?.get('schema')
  const steps = migrations.steps.length
  if (snapshot && catalog && schema) {
    const isAsBefore = await trySamples(plan, key, snapshot, cache)
    const end = { snapshot, catalog: read<Catalog>(catalog), schema: readObjects(schema) }
    refuseDifferent(plan, end.schema, upgrade?.schema)
    return { ...end, steps, fromBefore, isAsBefore }
  }
  const answer = await fromEmpty(plan)
  cache.put(key, stateFiles(answer))
  settleSamples(plan, key, answer.failed, cache)
  const { failed: _, ...end } = answer
  refuseDifferent(plan, end.schema, upgrade?.schema)
  return { ...end, steps, fromBefore, isAsBefore: false }
}

/** A shop that is updated must end at the tables of one that is new. What plugins left behind that are gone is not looked at. */
function refuseDifferent(
  plan: Plan,
  fromEmpty: readonly SchemaObject[],
  fromBefore: readonly SchemaObject[] | undefined,
): void {
  if (!fromBefore) return
  const owned = new Set(['core_v1', ...plan.migrations.owners.map(({ schema }) => schema)])
  const found = fromBefore.filter(({ schema }) => owned.has(schema))
  const differences = schemaDifferences(fromEmpty, found)
  if (differences.length > 0) throw new Refused([upgradeDiffers(differences)])
}

/** The end state is told by what ran, and by the code that ran it. */
const stateKey = (checksums: Readonly<Record<string, string>>, core: string) =>
  `rehearsed-${hashOf(core, ...Object.entries(checksums).toSorted().flat()).slice(7)}`

const checksumsOf = ({ steps }: MigrationPlan) =>
  Object.fromEntries(steps.map(({ id, checksum }) => [id, checksum]))

const stateFiles = ({ snapshot, catalog, schema }: EndState): Files =>
  new Map([
    ['snapshot', snapshot],
    ['catalog', written(catalog)],
    ['schema', written(schema)],
  ])
type EndState = Pick<Rehearsed, 'snapshot' | 'catalog' | 'schema'>

const written = (value: object) => Buffer.from(JSON.stringify(value))
const readObjects = (bytes: Uint8Array) => read<readonly SchemaObject[]>(bytes)
const read = <T>(bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as T // written above, and the cache checks its bytes

/** Beside each end state lie the sample rows that fit it: what an upgrade from there has to cope with. */
const samplesKey = (state: string) => `samples-${state}`

/** Tries sample rows on tables that are as before; says whether the rows are as before, too. */
async function trySamples(
  plan: Plan,
  state: string,
  snapshot: Uint8Array,
  cache: Cache,
): Promise<boolean> {
  const known = cache.get(samplesKey(state))?.get('samples')
  if (known && Buffer.from(known).equals(written(plan.samples))) return true
  const { failed } = await inChild(plan, {
    plan: { ...plan.migrations, steps: [] },
    from: snapshot,
    keepCore: false,
    before: { samples: plan.samples, mode: 'all' },
  })
  settleSamples(plan, state, failed, cache)
  return false
}

function settleSamples(plan: Plan, state: string, failed: readonly SampleFailure[], cache: Cache) {
  if (failed.length > 0)
    throw new Refused(failed.map((each) => samplesUnfit(each, ownerOf(plan, each.plugin))))
  cache.put(samplesKey(state), new Map([['samples', written(plan.samples)]]))
}

async function fromEmpty(plan: Plan) {
  const coreSteps = plan.migrations.steps.filter((step) => step.plugin === 'core')
  const coreKey = `core-${stateKey(checksumsOf({ ...plan.migrations, steps: coreSteps }), plan.core)}`
  const ofCore = ownCache()
  const core = ofCore.get(coreKey)?.get('snapshot')
  const answer = await inChild(plan, {
    plan: plan.migrations,
    from: core,
    keepCore: !core && ranBefore,
    after: { samples: plan.samples, mode: 'all' },
  })
  if (answer.core) ofCore.put(coreKey, new Map([['snapshot', answer.core]]))
  if (answer.problems.length > 0)
    throw new Refused(answer.problems.map((problem) => migrationFailed(problem, fileOf(plan))))
  if (!answer.snapshot) throw new Error('the rehearsal gave no snapshot')
  const { snapshot, catalog, schema, failed } = answer
  return { snapshot, catalog, schema, failed }
}

/** Upgrades the end state of the lock before, rows in its tables; undefined where that state is not known. */
async function upgradeOnce(
  plan: Plan,
  { state, ...before }: Before & { readonly state: string },
  key: string,
  cache: Cache,
): Promise<{ readonly upgraded: Upgraded; readonly schema: readonly SchemaObject[] } | undefined> {
  const from = cache.get(state)?.get('snapshot') ?? (await rebuilt(plan, before, state, cache))
  if (!from) return undefined
  const kept = cache.get(samplesKey(state))?.get('samples')
  // Rows that were never tried on the old tables: those of today, as far as they fit.
  const sampling: Sampling = kept
    ? { samples: read<readonly SampleRows[]>(kept), mode: 'all' }
    : { samples: plan.samples, mode: 'what fits' }
  const upgradeKey = `upgrade-${hashOf(state, key, written(plan.migrations.removed ?? []), written(sampling)).slice(7)}`
  const known = cache.get(upgradeKey)
  const [knownUpgrade, knownSchema] = [known?.get('upgraded'), known?.get('schema')]
  if (knownUpgrade && knownSchema)
    return { upgraded: read<Upgraded>(knownUpgrade), schema: readObjects(knownSchema) }
  const { problems, applied, rows, schema } = await inChild(plan, {
    plan: plan.migrations,
    from,
    keepCore: false,
    before: sampling,
  })
  if (problems.length > 0)
    throw new Refused(
      problems.map((problem) => upgradeFailed(migrationFailed(problem, fileOf(plan)), rows > 0)),
    )
  const upgraded: Upgraded = { steps: applied, rows, areOfToday: !kept }
  cache.put(
    upgradeKey,
    new Map([
      ['upgraded', written(upgraded)],
      ['schema', written(schema)],
    ]),
  )
  return { upgraded, schema }
}

/** The end state of the distribution before, out of the SQL that it holds; undefined where it is gone, or does not run here. */
async function rebuilt(
  plan: Plan,
  before: Before,
  state: string,
  cache: Cache,
): Promise<Uint8Array | undefined> {
  const migrations = planBefore(before)
  if (!migrations) return undefined
  const { snapshot, catalog, schema } = await inChild(plan, {
    plan: migrations,
    from: undefined,
    keepCore: false,
  })
  if (snapshot) cache.put(state, stateFiles({ snapshot, catalog, schema }))
  return snapshot
}

async function inChild(plan: Plan, order: RehearsalOrder): Promise<RehearsalAnswer> {
  try {
    return await runChild<RehearsalAnswer>(
      programBeside(import.meta.filename, 'rehearse-child'),
      order,
      {
        timeoutMs: timeLimitMs,
        maxHeapMb: 512,
        rights: ['--allow-fs-read=*'],
      },
    )
  } catch (error) {
    if (!(error instanceof ChildFailed)) throw error
    const owners = new Set(order.plan.steps.map(({ plugin }) => plugin))
    const plugins = plan.plugins.flatMap(({ release: { name } }) =>
      owners.has(name) ? [name] : [],
    )
    throw new Refused([
      error.timedOut
        ? rehearsalTooSlow(timeLimitMs / 1000, plugins)
        : rehearsalBroke(error.output, plugins),
    ])
  }
}

/** `migrations/ratings/0001_votes.sql:3`, as the distribution names it → the file where it was written. */
const fileOf = (plan: Plan) => (place: string) => {
  const [, plugin = '', rest = ''] = /^migrations\/([^/]+)\/(.+)$/.exec(place) ?? []
  const { folder } = ownerOf(plan, plugin)
  return folder === undefined ? place : `${folder}/${rest}`
}

/** `ratings 1.0.0`, and the folder of its migrations as it is shown; core's is nobody's to mend. */
function ownerOf(plan: Plan, plugin: string): SampleOwner {
  const release = plan.plugins.find((each) => each.release.name === plugin)?.release
  if (!release) return { title: `core ${plan.core}`, folder: undefined }
  const folder = (release.manifest.contributes.migrations ?? './migrations').replace(/^\.\//, '')
  return { title: `${release.name} ${release.version}`, folder: `${release.source}/${folder}` }
}

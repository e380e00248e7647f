import type { MigrationPlan } from '@bitcartcc/domain/migration-plan'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Cache } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import { programBeside } from '../house.ts'
import type { Lock } from '../model/lock.ts'
import type { Plan as WholePlan } from '../model/plan.ts'
import type { Catalog } from '../types/tables.ts'
import { migrationFailed, rehearsalBroke, rehearsalTooSlow } from './problems.ts'
import { ChildFailed, runChild } from './run-child.ts'

/** Of a plan, what is rehearsed. */
type Plan = Pick<WholePlan, 'core' | 'migrations' | 'plugins'>

export interface RehearsalOrder {
  readonly plan: MigrationPlan
  /** A packed data folder to start from; absent for a fresh one. */
  readonly from: Uint8Array | undefined
  /** Also give the folder as it is after core's own steps. */
  readonly keepCore: boolean
}
export interface RehearsalAnswer {
  readonly problems: readonly Problem[]
  readonly applied: number
  readonly catalog: Catalog
  readonly snapshot: Uint8Array | undefined
  readonly core: Uint8Array | undefined
}

/** What the migrations lead to. */
export interface Rehearsed {
  /** The data folder at the end, a tar packed with zstd: where `prove` starts from. */
  readonly snapshot: Uint8Array
  readonly catalog: Catalog
  readonly steps: number
  /** Steps that ran on the database of the lock before; undefined where that database is not known, so that nothing was tried. */
  readonly fromBefore: number | undefined
  readonly isAsBefore: boolean
}

const timeLimitMs = 120_000

/** Runs all migrations on a database in memory, from empty and, where it is known, from the end of the previous lock. */
export async function rehearse(
  plan: Plan,
  previous: Lock | undefined,
  cache: Cache,
): Promise<Rehearsed> {
  const { migrations } = plan
  const key = stateKey(checksumsOf(migrations), plan.core)
  const before = previous && stateKey(previous.migrations, previous.core.version)
  const upgradeKey = `upgrade-${hashOf(before ?? '', key).slice(7)}`
  const known = cache.get(key)
  const from = before && before !== key ? cache.get(before)?.get('snapshot') : undefined
  const knownUpgrade = from ? cache.get(upgradeKey) : undefined
  const fromBefore =
    from && !knownUpgrade
      ? await upgrade(plan, from)
      : before !== key && !from
        ? undefined
        : Number(Buffer.from(knownUpgrade?.get('applied') ?? []).toString() || 0)
  if (from && !knownUpgrade)
    cache.put(upgradeKey, new Map([['applied', Buffer.from(String(fromBefore))]]))
  const snapshot = known?.get('snapshot')
  const catalog = known?.get('catalog')
  if (snapshot && catalog)
    return {
      snapshot,
      catalog: JSON.parse(Buffer.from(catalog).toString()) as Catalog, // written below
      steps: migrations.steps.length,
      fromBefore,
      isAsBefore: true,
    }
  const answer = await fromEmpty(plan, cache)
  cache.put(
    key,
    new Map([
      ['snapshot', answer.snapshot],
      ['catalog', Buffer.from(JSON.stringify(answer.catalog))],
    ]),
  )
  return { ...answer, steps: migrations.steps.length, fromBefore, isAsBefore: false }
}

/** The end state is told by what ran, and by the code that ran it. */
const stateKey = (checksums: Readonly<Record<string, string>>, core: string) =>
  `rehearsed-${hashOf(core, ...Object.entries(checksums).toSorted().flat()).slice(7)}`

const checksumsOf = ({ steps }: MigrationPlan) =>
  Object.fromEntries(steps.map(({ id, checksum }) => [id, checksum]))

async function fromEmpty(plan: Plan, cache: Cache) {
  const coreSteps = plan.migrations.steps.filter((step) => step.plugin === 'core')
  const coreKey = `core-${stateKey(checksumsOf({ ...plan.migrations, steps: coreSteps }), plan.core)}`
  const core = cache.get(coreKey)?.get('snapshot')
  const answer = await inChild(plan, { plan: plan.migrations, from: core, keepCore: !core })
  if (answer.core) cache.put(coreKey, new Map([['snapshot', answer.core]]))
  if (answer.problems.length > 0)
    throw new Refused(answer.problems.map((problem) => migrationFailed(problem, fileOf(plan))))
  if (!answer.snapshot) throw new Error('the rehearsal gave no snapshot')
  return { snapshot: answer.snapshot, catalog: answer.catalog }
}

async function upgrade(plan: Plan, from: Uint8Array): Promise<number> {
  const answer = await inChild(plan, { plan: plan.migrations, from, keepCore: false })
  if (answer.problems.length > 0)
    throw new Refused(
      answer.problems.map((problem) => ({
        ...migrationFailed(problem, fileOf(plan)),
        because: ['It ran on a database of the distribution before this one.'],
      })),
    )
  return answer.applied
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
    throw new Refused([
      error.timedOut
        ? rehearsalTooSlow(
            timeLimitMs / 1000,
            plan.plugins.map(({ release }) => release.name),
          )
        : rehearsalBroke(error.output),
    ])
  }
}

/** `migrations/ratings/0001_votes.sql:3`, as the distribution names it → the file where it was written. */
const fileOf = (plan: Plan) => (place: string) => {
  const [, plugin = '', rest = ''] = /^migrations\/([^/]+)\/(.+)$/.exec(place) ?? []
  const release = plan.plugins.find((each) => each.release.name === plugin)?.release
  if (!release) return place
  const folder = (release.manifest.contributes.migrations ?? './migrations').replace(/^\.\//, '')
  return `${release.source}/${folder}/${rest}`
}

import { createHash } from 'node:crypto'
import { coreReferences } from '@bitcartcc/domain/core-migrations'
import type { MigrationOwner, MigrationPlan } from '@bitcartcc/domain/migration-plan'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Lock, Locked } from '../model/lock.ts'
import type { IgnoredRule, SampleRows } from '../model/plan.ts'
import type { Offered } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { orderOf } from './migration-order.ts'
import { examineNew, type ReadFile } from './new-migrations.ts'
import { ownerOf, reachableFor, unmadeIn } from './published.ts'
import { readCore, readPlugin } from './read-owner.ts'
import { planRemovals } from './removals.ts'
import { twoHeadsIn } from './two-heads.ts'

/**
 * Reads the SQL of core and of every plugin, and puts it in the order it runs: core first, then plugins as they need each
 * other, or as their headers say. `offered` are the releases there were to choose from.
 */
export async function planMigrations(
  selection: Selection,
  {
    plugins,
    lock,
    previous,
  }: Pick<Locked, 'plugins' | 'previous'> & { readonly lock: Pick<Lock, 'core'> },
  offered: readonly Offered[] = [],
): Promise<{
  readonly migrations: MigrationPlan
  readonly samples: readonly SampleRows[]
  readonly ignored: readonly IgnoredRule[]
  readonly problems: readonly Problem[]
}> {
  const releases = plugins.map(({ release }) => release)
  const core = await readCore(lock.core.version)
  const read = new Map([['core', core]])
  for (const release of releases) {
    const own = await readPlugin(release, reachableFor(release, releases))
    if (own) read.set(release.name, own)
  }
  const { steps, plugins: order, problems: ofOrder } = orderOf(releases, read, offered)
  const owners: readonly MigrationOwner[] = [
    { plugin: 'core', schema: 'core', references: coreReferences },
    ...order.filter(({ name }) => read.has(name)).map((each) => ownerOf(each, releases)),
  ]
  const problems: Problem[] = [...ofOrder]
  const samples: SampleRows[] = []
  const ignored: IgnoredRule[] = []
  for (const name of ['core', ...order.map((release) => release.name)]) {
    const own = read.get(name)
    if (!own) continue
    const { files, sample } = own
    const added = name === 'core' ? undefined : addedTo(previous, name, files)
    problems.push(...own.problems, ...twoHeadsIn(own, previous), ...(added?.problems ?? []))
    ignored.push(...(added?.ignored ?? []))
    if (!sample) continue
    problems.push(...sample.problems)
    samples.push(sample.rows)
  }
  problems.push(...releases.flatMap((each) => unmadeIn(each, read.get(each.name)?.files ?? [])))
  const { removed, problems: ofRemoved } = planRemovals(selection, releases)
  problems.push(...ofRemoved)
  const digest = `sha256-${createHash('sha256')
    .update(JSON.stringify([steps, owners, ...(removed.length > 0 ? [removed] : [])]))
    .digest('base64')}`
  return {
    migrations: { format: 1, digest, steps, owners, ...(removed.length > 0 ? { removed } : {}) },
    samples,
    ignored,
    problems,
  }
}

/** What came before it was run by shops, and what comes with a plugin that is new meets no row: only an update can do harm. */
function addedTo(previous: Lock | undefined, plugin: string, files: readonly ReadFile[]) {
  const isUpdate = Object.keys(previous?.migrations ?? {}).some((id) => id.startsWith(`${plugin}/`))
  return examineNew(
    isUpdate ? files.filter(({ id }) => !Object.hasOwn(previous?.migrations ?? {}, id)) : [],
  )
}

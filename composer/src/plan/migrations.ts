import { createHash } from 'node:crypto'
import { coreReferences } from '@bitcartcc/domain/core-migrations'
import type { MigrationOwner, MigrationPlan, MigrationStep } from '@bitcartcc/domain/migration-plan'
import { schemaOf } from '@bitcartcc/sdk/manifest'
import type { Problem } from '@bitcartcc/sdk/problem'
import { roomFolder } from '../house.ts'
import { readMigrations, readSample } from '../read/migrations.ts'
import type { Lock, Locked } from '../model/lock.ts'
import type { IgnoredRule, SampleRows } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { dependencyOrder } from './dependency-order.ts'
import { isMigrationName, readStep } from './migration-step.ts'
import { examineNew, type ReadFile } from './new-migrations.ts'
import { planRemovals } from './removals.ts'
import { sampleOf, type Sampled } from './sample-rows.ts'
import type { References } from './sql-lint.ts'
import { badMigrationName, dependencyCircle } from './sql-problems.ts'

/** Reads the SQL of core and of every plugin, and puts it in the order it runs: core first, then plugins as they need each other. */
export async function planMigrations(
  selection: Selection,
  {
    plugins,
    lock,
    previous,
  }: Pick<Locked, 'plugins' | 'previous'> & { readonly lock: Pick<Lock, 'core'> },
): Promise<{
  readonly migrations: MigrationPlan
  readonly samples: readonly SampleRows[]
  readonly ignored: readonly IgnoredRule[]
  readonly problems: readonly Problem[]
}> {
  const releases = plugins.map(({ release }) => release)
  const order = dependencyOrder(releases)
  const problems: Problem[] = order.circle.length > 0 ? [dependencyCircle(order.circle)] : []
  const owners: readonly MigrationOwner[] = [
    { plugin: 'core', schema: 'core', references: coreReferences },
    ...order.releases.filter(hasMigrations).map(ownerOf),
  ]
  const steps: MigrationStep[] = []
  const samples: SampleRows[] = []
  const ignored: IgnoredRule[] = []
  const sampleIn = async (folder: string, below: string, sampled: Sampled) => {
    const file = readSample(folder, below)
    if (!file) return
    const { rows, problems: found } = await sampleOf(file, sampled)
    samples.push(rows)
    problems.push(...found)
  }
  for (const file of readMigrations('core', roomFolder('domain'), 'migrations'))
    // A test holds core's own to the rules: nobody who builds could mend them.
    steps.push(
      (await readStep(file, `core ${lock.core.version}`, lock.core.version, new Map())).step,
    )
  await sampleIn(roomFolder('domain'), 'migrations', {
    plugin: 'core',
    schema: 'core',
    owner: `core ${lock.core.version}`,
    references: undefined,
  })
  for (const release of order.releases) {
    const folder = release.manifest.contributes.migrations
    if (folder === undefined) continue
    const owner = `${release.name} ${release.version}`
    const references = referencesFor(release, owners)
    const files: ReadFile[] = []
    for (const file of readMigrations(release.name, release.folder, folder)) {
      if (!isMigrationName(file.id)) problems.push(badMigrationName(owner, file.file))
      const {
        step,
        read,
        problems: found,
      } = await readStep(file, owner, release.version, references)
      steps.push(step)
      problems.push(...found)
      files.push(read)
    }
    const added = addedTo(previous, release.name, files)
    problems.push(...added.problems)
    ignored.push(...added.ignored)
    const sampled = { plugin: release.name, schema: schemaOf(release.name), owner, references }
    await sampleIn(release.folder, folder, sampled)
  }
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

const hasMigrations = ({ manifest }: Release) => manifest.contributes.migrations !== undefined

const ownerOf = ({ name, manifest }: Release): MigrationOwner => ({
  plugin: name,
  schema: schemaOf(name),
  references: Object.entries(manifest.references ?? {})
    .flatMap(([table, columns]) => columns.map((column) => `${table}(${column})`))
    .toSorted(),
})

/** A foreign key may point at what core and the plugins that are asked for by name list under `references`. */
function referencesFor({ manifest }: Release, owners: readonly MigrationOwner[]): References {
  const asked = new Set(['core', ...Object.keys(manifest.requires.plugins ?? {})])
  return new Map(
    owners
      .filter(({ plugin }) => asked.has(plugin))
      .map(({ schema, references }) => [schema, references]),
  )
}

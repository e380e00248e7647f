import type { MigrationStep } from '@bitcartcc/domain/migration-plan'
import type { Problem } from '@bitcartcc/sdk/problem'
import { readMigrations } from '../read/migrations.ts'
import type { Offered, Release } from '../model/release.ts'
import { beforeOthers, missingStep, undeclaredOrder } from './order-problems.ts'
import type { Edge } from './step-order.ts'
import { pluginOf, type Told } from './told.ts'

/** What a header says of the order, as an edge; a problem where it may not say so, or where there is no such migration. */
export function edgesOf(
  told: readonly Told[],
  {
    steps,
    releases,
    offered,
  }: {
    readonly steps: readonly MigrationStep[]
    readonly releases: readonly Release[]
    /** Every release there is to choose from, to say which of them has what is missed. */
    readonly offered: readonly Offered[]
  },
): { readonly edges: readonly Edge[]; readonly problems: readonly Problem[] } {
  const edges: Edge[] = []
  const problems: Problem[] = []
  const ids = new Set(steps.map(({ id }) => id))
  const here = new Map(releases.map((release) => [release.name, release]))
  for (const each of told) {
    const plugin = pluginOf(each.other)
    const isOwn = plugin === each.plugin
    const other = here.get(plugin)
    if (
      each.way === 'after' &&
      !isOwn &&
      plugin !== 'core' &&
      !needs(here.get(each.plugin), plugin)
    )
      problems.push(undeclaredOrder(each, other))
    else if (
      each.way === 'before' &&
      !isOwn &&
      (plugin === 'core' || (other && !needs(other, each.plugin)))
    )
      problems.push(beforeOthers(each, other))
    // What is optional and not here is waited for by nobody.
    else if (!other && plugin !== 'core') continue
    else if (!ids.has(each.other))
      problems.push(
        missingStep(each, {
          newest: steps.findLast((step) => step.plugin === plugin),
          version: other?.version ?? steps.find((step) => step.plugin === 'core')?.release ?? '',
          holders: offered.filter((release) => holds(release, each.other)),
        }),
      )
    else if (plugin !== 'core')
      edges.push(
        each.way === 'after'
          ? { id: each.id, after: each.other, because: each.at.place }
          : { id: each.other, after: each.id, because: each.at.place },
      )
  }
  return { edges, problems }
}

export const needs = (release: Release | undefined, plugin: string): boolean =>
  Object.hasOwn(release?.manifest.requires.plugins ?? {}, plugin) ||
  Object.hasOwn(release?.manifest.requires.optional ?? {}, plugin)

/** Of releases whose files are not here, as those of an archive that was not chosen, nobody can say. */
function holds(release: Offered, id: string): boolean {
  if (release.isListed || release.name !== pluginOf(id)) return false
  const folder = release.manifest.contributes.migrations
  if (folder === undefined) return false
  return readMigrations(release.name, release.folder, folder).some((file) => file.id === id)
}

import { dirname } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { pathsOf } from '../cache/paths.ts'
import { coreVersion, ownPlugins } from '../house.ts'
import type { Catalog, Offered } from '../model/release.ts'
import { hasOwnPlace, type SelectedPlugin, type Selection } from '../model/selection.ts'
import { catalogueReleases } from './catalogue-releases.ts'
import { gitReleases } from './git-releases.ts'
import { npmReleases } from './npm-releases.ts'
import { foundReleases, shownAs } from './found.ts'
import { twoReleases } from './problems.ts'
import { readRelease } from './read-release.ts'

export interface SourcesOptions {
  /** Where `lock` unpacks archives. Default: the cache of the current folder. */
  readonly cacheDir?: string
  /** Nothing is asked of the network. Default: false. */
  readonly isOffline?: boolean
  /** Plugin → the commit that a lock holds for what the selection asks. Default: none. */
  readonly commits?: ReadonlyMap<string, string>
  /** Versions of core to choose from. Default: the one that is installed. */
  readonly cores?: readonly string[]
}

/** Reads the manifest of every plugin that the selection's sources hold: plugin folders and `.bitcartcc` archives. */
export async function readCatalog(
  selection: Selection,
  options: SourcesOptions = {},
): Promise<Catalog> {
  const { found, problems } = foundReleases(selection)
  const releases: Offered[] = []
  const broken = new Map<string, readonly Problem[]>()
  const { limits } = selection
  const cacheDir = options.cacheDir ?? pathsOf('', { cwd: process.cwd() }).cache
  for (const each of found) {
    const read = readRelease(each, shownAs(each.path, selection), { limits, cacheDir })
    if ('manifest' in read) releases.push(read)
    else broken.set(each.asked?.name ?? read.name, read.problems)
  }
  const fetching = { cacheDir, isOffline: options.isOffline ?? false }
  const add = (from: {
    readonly releases: readonly Offered[]
    readonly broken: ReadonlyMap<string, readonly Problem[]>
  }) => {
    releases.push(...from.releases)
    for (const [name, told] of from.broken) broken.set(name, told)
  }
  add(await gitReleases(selection, options.commits ?? new Map(), fetching))
  const near = [...releases]
  add(await catalogueReleases(selection, near, fetching))
  add(await npmReleases(selection, releases, fetching))
  const wrong = [...problems, ...doubles(near, selection)]
  if (wrong.length > 0) throw new Refused(wrong)
  return {
    core: { version: coreVersion(), all: options.cores ?? [coreVersion()] },
    releases,
    broken,
  }
}

const isOwn = (selected: SelectedPlugin | undefined) =>
  selected !== undefined && hasOwnPlace(selected)

function doubles(releases: readonly Offered[], selection: Selection): readonly Problem[] {
  const selected = new Map(selection.plugins.map((each) => [each.name, each]))
  return [...Map.groupBy(releases, ({ name, version }) => `${name} ${version}`).values()].flatMap(
    (same) => {
      const [first, second] = same
        .map((each) => ({ ...each, isShipped: dirname(each.origin) === ownPlugins }))
        .toSorted((a, b) => Number(a.isShipped) - Number(b.isShipped))
      return first && second && !isOwn(selected.get(first.name)) ? [twoReleases(first, second)] : []
    },
  )
}

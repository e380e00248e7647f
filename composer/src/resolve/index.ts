import { Refused } from '@bitcartcc/sdk/problem'
import type { Catalog, Offered, Resolution } from '../model/release.ts'
import { hasOwnPlace, type SelectedPlugin, type Selection } from '../model/selection.ts'
import { attempt } from './attempt.ts'
import { changeLeast } from './change-least.ts'
import { isGateOpen } from './matching.ts'
import { notices } from './notices.ts'
import { coreNotHere, tooHard } from './problems.ts'
import { unaskedProviders } from './providers.ts'
import { refusals } from './refusals.ts'
import { Registry } from './registry.ts'
import { TooHard } from './solver.ts'
import type { Wanted } from './world.ts'

export interface ResolveOptions {
  /** Plugin → the version a lock holds; taken while everybody who asks lets it be. Default: none. */
  readonly locked?: ReadonlyMap<string, string>
  /** Plugins that are to be as new as may be, whatever is locked. Default: none. */
  readonly updated?: ReadonlySet<string>
}

/**
 * Chooses one version of each plugin that is needed: what is locked while it fits, else the newest.
 *
 * Pure, and the same whatever the order of anything. Refuses with a problem for each reason why no versions fit.
 */
export function resolve(
  selection: Selection,
  catalog: Catalog,
  { locked = new Map(), updated = new Set() }: ResolveOptions = {},
): Resolution {
  const core = catalog.core.version
  if (!isGateOpen(core, selection.core.value)) throw new Refused([coreNotHere(core, selection)])
  const registry = registryOf(selection, catalog)
  const wanted: Wanted = {
    plugins: selection.plugins,
    overrides: selection.overrides,
    core,
    node: process.versions.node,
    preferred: new Map([...locked].filter(([name]) => !updated.has(name))),
    pinned: new Map(),
  }
  const releases = choose(registry, wanted, selection, catalog, { locked, updated })
  const unasked = unaskedProviders(releases, registry, selection)
  if (unasked.length > 0) throw new Refused(unasked)
  return {
    core,
    plugins: releases.map((release) => ({
      release,
      askedBy: askers(release.name, releases, selection.plugins),
    })),
    notices: notices(releases, registry, wanted),
  }
}

function choose(
  registry: Registry,
  wanted: Wanted,
  selection: Selection,
  catalog: Catalog,
  { locked, updated }: Required<ResolveOptions>,
): readonly Offered[] {
  try {
    const first = attempt(registry, wanted)
    if ('releases' in first) return changeLeast(registry, wanted, first.releases, locked, updated)
    throw new Refused(refusals(first.proof, registry, wanted, { selection, catalog }))
  } catch (error) {
    throw error instanceof TooHard ? new Refused([tooHard(selection)]) : error
  }
}

const registryOf = ({ plugins, prerelease }: Selection, { releases }: Catalog) =>
  new Registry(releases, {
    bound: new Set(plugins.filter(hasOwnPlace).map(({ name }) => name)),
    policyOf: (name) => prerelease.get(name) ?? prerelease.get('default') ?? 'explicit',
  })

const askers = (
  name: string,
  releases: readonly Offered[],
  selected: readonly SelectedPlugin[],
): readonly string[] =>
  [
    ...(selected.some((each) => each.name === name) ? ['the selection'] : []),
    ...releases
      .filter(({ manifest }) => manifest.requires.plugins?.[name] !== undefined)
      .map((release) => release.name),
  ].toSorted()

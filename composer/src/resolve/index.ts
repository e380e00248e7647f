import compareBuild from 'semver/functions/compare-build.js'
import SemVer from 'semver/classes/semver.js'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Catalog, Offered, Resolution } from '../model/release.ts'
import { hasOwnPlace, type SelectedPlugin, type Selection } from '../model/selection.ts'
import { attempt, soonFound } from './attempt.ts'
import { changeLeast } from './change-least.ts'
import { admitted, isGateOpen } from './matching.ts'
import { coreNotices, notices } from './notices.ts'
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
  /** The version of core a lock holds; kept while any choice fits on it. Default: none. */
  readonly lockedCore?: string | undefined
  /** A core that was chosen before. Default: none. */
  readonly chosenCore?: string | undefined
}

/**
 * Chooses one version of each plugin that is needed: what is locked while it fits, else the newest.
 *
 * Pure, and the same whatever the order of anything. Refuses with a problem for each reason why no versions fit.
 */
export function resolve(
  selection: Selection,
  catalog: Catalog,
  { locked = new Map(), updated = new Set(), lockedCore, chosenCore }: ResolveOptions = {},
): Resolution {
  const registry = registryOf(selection, catalog)
  const open: Wanted = {
    plugins: selection.plugins,
    overrides: selection.overrides,
    core: catalog.core.version,
    node: process.versions.node,
    preferred: new Map([...locked].filter(([name]) => !updated.has(name))),
    pinned: new Map(),
  }
  const core = chosenCore ?? chooseCore(registry, open, selection, catalog, lockedCore)
  const wanted = { ...open, core }
  const releases = choose(registry, wanted, selection, catalog, { locked, updated })
  const unasked = unaskedProviders(releases, registry, selection)
  if (unasked.length > 0) throw new Refused(unasked)
  return {
    core,
    plugins: releases.map((release) => ({
      release,
      askedBy: askers(release.name, releases, selection.plugins),
    })),
    notices: [
      ...(core === lockedCore ? [] : coreNotices(coresFor(selection, catalog), releases, wanted)),
      ...notices(releases, registry, wanted),
    ],
  }
}

/** The versions of core that the selection lets be, oldest first. */
function coresFor({ core: { value } }: Selection, { core }: Catalog): readonly string[] {
  const { version, all = [version] } = core
  const sorted = all.toSorted(compareBuild)
  // One that is installed was chosen by whoever installed it.
  if (all.length === 1) return sorted.filter((each) => isGateOpen(each, value))
  const fitting = admitted(
    sorted.map((each) => new SemVer(each)),
    value,
    'explicit',
  )
  return sorted.filter((_, at) => fitting.includes(at))
}

/** The core that is locked while any choice fits on it, else the newest on which one does. */
function chooseCore(
  registry: Registry,
  open: Wanted,
  selection: Selection,
  catalog: Catalog,
  lockedCore: string | undefined,
): string {
  const { version, all = [version] } = catalog.core
  const versions = coresFor(selection, catalog)
  const [first] = versions
  if (first === undefined) {
    const others = all.filter((each) => each !== version).toSorted(compareBuild)
    throw new Refused([coreNotHere(version, others, selection)])
  }
  if (versions.length === 1) return first
  if (
    lockedCore !== undefined &&
    versions.includes(lockedCore) &&
    soonFound(registry, { ...open, core: lockedCore })
  )
    return lockedCore
  const wanted: Wanted = {
    ...open,
    cores: { versions: all.toSorted(compareBuild), asked: selection.core },
  }
  const found = orTooHard(selection, () => attempt(registry, wanted))
  if ('core' in found) return found.core
  throw new Refused(refusals(found.proof, registry, wanted, { selection, catalog }))
}

function orTooHard<T>(selection: Selection, search: () => T): T {
  try {
    return search()
  } catch (error) {
    throw error instanceof TooHard ? new Refused([tooHard(selection)]) : error
  }
}

function choose(
  registry: Registry,
  wanted: Wanted,
  selection: Selection,
  catalog: Catalog,
  { locked, updated }: Required<Pick<ResolveOptions, 'locked' | 'updated'>>,
): readonly Offered[] {
  return orTooHard(selection, () => {
    const first = attempt(registry, wanted)
    if ('releases' in first) return changeLeast(registry, wanted, first.releases, locked, updated)
    throw new Refused(refusals(first.proof, registry, wanted, { selection, catalog }))
  })
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

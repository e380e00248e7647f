import compare from 'semver/functions/compare.js'
import satisfies from 'semver/functions/satisfies.js'
import gtr from 'semver/ranges/gtr.js'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Catalog, Release, Resolution } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { nearest } from '../read/nearest.ts'
import {
  bothExclusive,
  coreMismatch,
  coreNotHere,
  inConflict,
  nodeMismatch,
  noVersionsFit,
  unknownPlugin,
  type Demand,
} from './problems.ts'

/** Chooses the newest version of each plugin that fits everybody who asks for it; refuses with the reasons. */
export function resolve(selection: Selection, catalog: Catalog): Resolution {
  const core = catalog.core.version
  if (!satisfies(core, selection.core.value)) throw new Refused([coreNotHere(core, selection)])
  const { chosen, demands, problems } = choose(selection, catalog)
  const found = [...problems, ...togetherProblems([...chosen.values()], demands)]
  if (found.length > 0) throw new Refused(found)
  return {
    core,
    plugins: [...chosen.values()]
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((release) => ({ release, askedBy: askers(release.name, demands) })),
  }
}

interface Choice {
  readonly chosen: ReadonlyMap<string, Release>
  readonly demands: readonly Demand[]
  readonly problems: readonly Problem[]
}

/** What was chosen brings demands, and these may change the choice: repeated until nothing moves. */
function choose(selection: Selection, catalog: Catalog): Choice {
  const own: readonly Demand[] = selection.plugins.map((selected) => ({
    plugin: selected.name,
    range: selected.range,
    by: { selected },
  }))
  let before: Choice = { chosen: new Map(), demands: own, problems: [] }
  for (let round = 0; round < 100; round++) {
    const next = oneRound(before.demands, selection, catalog)
    const demands = [...own, ...[...next.chosen.values()].flatMap(demandsOf)]
    if (before.demands.length === demands.length && sameChoice(before.chosen, next.chosen))
      return { ...next, demands }
    before = { ...next, demands }
  }
  return before
}

const sameChoice = (a: Choice['chosen'], b: Choice['chosen']) =>
  a.size === b.size && [...a].every(([name, release]) => b.get(name) === release)

const demandsOf = (release: Release): readonly Demand[] =>
  Object.entries(release.manifest.requires.plugins ?? {}).map(([plugin, range]) => ({
    plugin,
    range,
    by: { release, key: 'plugins' },
  }))

function oneRound(
  demands: readonly Demand[],
  selection: Selection,
  catalog: Catalog,
): Omit<Choice, 'demands'> {
  const chosen = new Map<string, Release>()
  const problems: Problem[] = []
  for (const [name, asked] of [...Map.groupBy(demands, (each) => each.plugin)].toSorted(
    ([a], [b]) => (a < b ? -1 : 1),
  )) {
    const outcome = best(name, asked, selection, catalog)
    if ('release' in outcome) chosen.set(name, outcome.release)
    else problems.push(...outcome.problems)
  }
  return { chosen, problems }
}

function best(
  name: string,
  asked: readonly Demand[],
  selection: Selection,
  catalog: Catalog,
): { release: Release } | { problems: readonly Problem[] } {
  const path = selection.plugins.find((each) => each.name === name)?.path
  const all = catalog.releases
    .filter((each) => each.name === name && (path === undefined || each.origin === path))
    .toSorted((a, b) => compare(b.version, a.version))
  const [first] = asked
  if (!first) return { problems: [] }
  if (all.length === 0) {
    const broken = catalog.broken?.get(name)
    if (broken) return { problems: broken }
    const names = catalog.releases.map((each) => each.name)
    return { problems: [unknownPlugin(first, nearest(name, [...names]), ['./plugins'])] }
  }
  const core = catalog.core.version
  const runs = (each: Release) => satisfies(core, each.manifest.requires.bitcartcc)
  const inRange = all.filter((each) => asked.every(({ range }) => satisfies(each.version, range)))
  const [newest] = inRange
  if (!newest) return { problems: [noVersionsFit(name, asked, all, all.find(runs))] }
  const fits = inRange.find(runs)
  if (fits) return { release: fits }
  const isTooOld = !gtr(core, newest.manifest.requires.bitcartcc)
  return { problems: [coreMismatch(newest, core, selection, first, all.find(runs), isTooOld)] }
}

/** What only shows when all are chosen: conflicts, optional ranges, kinds of which there may be one. */
function togetherProblems(
  chosen: readonly Release[],
  demands: readonly Demand[],
): readonly Problem[] {
  const byName = new Map(chosen.map((each) => [each.name, each]))
  const node = process.versions.node
  return chosen.flatMap((release) => {
    const { requires, exclusive = [] } = release.manifest
    const against = Object.entries(requires.conflicts ?? {}).flatMap(([plugin, range]) => {
      const other = byName.get(plugin)
      return other && satisfies(other.version, range)
        ? [inConflict({ plugin, range, by: { release, key: 'conflicts' } }, other)]
        : []
    })
    const optional = Object.entries(requires.optional ?? {}).flatMap(([plugin, range]) => {
      const other = byName.get(plugin)
      const asked = [
        ...demands.filter((each) => each.plugin === plugin),
        { plugin, range, by: { release, key: 'optional' } } satisfies Demand,
      ]
      return other && !satisfies(other.version, range)
        ? [noVersionsFit(plugin, asked, [other], undefined)]
        : []
    })
    const kinds = exclusive.flatMap((kind) =>
      chosen
        .filter((other) => other.name > release.name && other.manifest.exclusive?.includes(kind))
        .map((other) => bothExclusive(kind, release, other)),
    )
    const nodes =
      requires.node !== undefined && !satisfies(node, requires.node)
        ? [nodeMismatch(release, node)]
        : []
    return [...against, ...optional, ...kinds, ...nodes]
  })
}

const askers = (name: string, demands: readonly Demand[]): readonly string[] =>
  demands
    .filter((each) => each.plugin === name)
    .map(({ by }) => ('selected' in by ? 'the selection' : by.release.name))
    .toSorted()

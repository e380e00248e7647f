import compareBuild from 'semver/functions/compare-build.js'
import gtr from 'semver/ranges/gtr.js'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Catalog } from '../model/release.ts'
import type { Selection, SelectedPlugin } from '../model/selection.ts'
import { nearest } from '../read/nearest.ts'
import { attemptSoon, soonFound } from './attempt.ts'
import { factsIn, type Clash, type Fact } from './facts.ts'
import { loosen } from './loosen.ts'
import {
  bothExclusive,
  coreMismatch,
  inConflict,
  moveCore,
  nodeMismatch,
  noVersionsFit,
  unknownPlugin,
} from './problems.ts'
import { proofText } from './proof.ts'
import type { Registry } from './registry.ts'
import type { Wanted } from './world.ts'
import { Wording } from './wording.ts'

interface Refusal {
  readonly proof: Clash
  readonly facts: readonly Fact[]
  readonly asked: readonly SelectedPlugin[]
}

/** Every reason why a wish cannot be satisfied: what one of them names is left out, and the rest is tried again. */
export function refusals(
  first: Clash,
  registry: Registry,
  wanted: Wanted,
  { selection, catalog }: { readonly selection: Selection; readonly catalog: Catalog },
): readonly Problem[] {
  const found: Refusal[] = []
  let plugins = wanted.plugins
  for (let proof: Clash | undefined = first; proof;) {
    const facts = factsIn(proof)
    const asked = askedIn(facts)
    found.push({ proof, facts, asked })
    plugins = plugins.filter((each) => !asked.some(({ name }) => name === each.name))
    const next = attemptSoon(registry, { ...wanted, plugins })
    proof = asked.length > 0 && next && 'proof' in next ? next.proof : undefined
  }
  return found.flatMap((refusal) => {
    const others = found.filter((each) => each !== refusal).flatMap(({ asked }) => asked)
    const rest = wanted.plugins.filter((each) => !others.some(({ name }) => name === each.name))
    return problemsOf(refusal, registry, { ...wanted, plugins: rest }, selection, catalog)
  })
}

const askedIn = (facts: readonly Fact[]) =>
  facts
    .flatMap((fact) => (fact.kind === 'asked' ? [fact.selected] : []))
    .toSorted((a, b) => a.at.line - b.at.line)

function problemsOf(
  { proof, facts, asked }: Refusal,
  registry: Registry,
  wanted: Wanted,
  selection: Selection,
  catalog: Catalog,
): readonly Problem[] {
  const broken = facts.flatMap((fact) => catalog.broken?.get(unknownIn(fact) ?? '') ?? [])
  if (broken.length > 0) return broken
  const unknown = facts.map(unknownIn).find((name) => name !== undefined)
  if (unknown !== undefined && facts.length <= 2) {
    const fact = facts.find((each) => unknownIn(each) === unknown)
    if (fact?.kind === 'asked' || fact?.kind === 'requires')
      return [
        unknownPlugin(fact, {
          near: nearest(unknown, registry.names),
          providers: registry.providersOf(unknown, '*')?.releases.map(({ name }) => name) ?? [],
        }),
      ]
  }
  const changes = loosen(registry, wanted, asked)
  const gates = facts.filter((fact) => fact.kind === 'gate')
  const [gate] = gates
  if (gate && asked.length === 1 && facts.length === gates.length + 1) {
    const newest = gates
      .map(({ who }) => who.release)
      .toSorted(
        (a, b) => indexOf(registry, b.name, b.version) - indexOf(registry, a.name, a.version),
      )[0]
    const closed = gates.find(({ who }) => who.release === newest) ?? gate
    const widened = changes.filter(([first]) => first?.range !== undefined)
    return [
      closed.gate === 'core'
        ? coreMismatch(closed, selection, asked[0], {
            changes: widened,
            isTooOld: !gtr(closed.here, closed.range),
            movable: movableTo(registry, wanted, catalog),
          })
        : nodeMismatch(closed, changes),
    ]
  }
  if (facts.length === 3) {
    const against = facts.find((fact) => fact.kind === 'conflicts' || fact.kind === 'exclusive')
    const isPlain = facts.every(
      (fact) =>
        fact === against || (fact.kind === 'asked' && isSingle(registry, fact.selected.name)),
    )
    if (against && isPlain)
      return [
        against.kind === 'conflicts'
          ? inConflict(against, registry.shelf(against.name).releases[0], changes)
          : bothExclusive(against, changes),
      ]
  }
  const movable = facts.some(({ kind }) => kind === 'asked-core')
    ? movableTo(registry, wanted, catalog)
    : undefined
  const moved = movable === undefined ? [] : [moveCore(selection, movable, changes)]
  return [noVersionsFit(proofText(proof, new Wording(registry)), facts, asked, { changes, moved })]
}

/** The newest core there is on which everything that is wanted fits. */
function movableTo(
  registry: Registry,
  wanted: Wanted,
  { core: { all = [] } }: Catalog,
): string | undefined {
  return all
    .toSorted(compareBuild)
    .findLast((core) => soonFound(registry, { ...wanted, core, cores: undefined }) !== undefined)
}

const unknownIn = (fact: Fact): string | undefined => {
  if (fact.kind === 'asked' && fact.offer === 'unknown') return fact.selected.name
  return fact.kind === 'requires' && fact.offer === 'unknown' ? fact.name : undefined
}

const isSingle = (registry: Registry, name: string) => registry.shelf(name).releases.length === 1
const indexOf = (registry: Registry, name: string, version: string) =>
  registry.shelf(name).universe.versions.indexOf(version)

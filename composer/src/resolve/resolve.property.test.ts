import { expect, test } from 'vitest'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { Refused } from '@bitcartcc/sdk/problem'
import { attempt } from './attempt.ts'
import { factsIn, type Clash, type Fact } from './facts.ts'
import { resolve } from './index.ts'
import { Registry } from './registry.ts'
import { isDerived, type Universe } from './terms.ts'
import { broken, hasSolution } from './test-exhaustive.ts'
import { releasesOf, selectionOf, type Says, type Shop } from './test-support.ts'
import type { Wanted } from './world.ts'

const start = seed()
const versions = ['1.0.0', '1.1.0', '2.0.0', '3.0.0']
const ranges = ['*', '^1.0.0', '^2.0.0', '>=2.0.0', '<2.0.0', '1.1.0', '^3.0.0', '^9.0.0']
const names = ['ants', 'bees', 'cats', 'dogs', 'emus']

interface Case {
  readonly shop: Shop
  readonly asks: Readonly<Record<string, string>>
}

function caseOf(random: () => number): Case {
  const one = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T // never empty
  const some = names.slice(0, 2 + Math.floor(random() * (names.length - 1)))
  const others = (name: string, chance: number) =>
    Object.fromEntries(
      [...some, 'fish']
        .filter((other) => other !== name && random() < chance)
        .map((other) => [other, other === 'fish' || random() < 0.3 ? '*' : one(ranges)]),
    )
  const says = (name: string): Says => ({
    plugins: others(name, 0.3),
    ...(random() < 0.15 ? { conflicts: others(name, 0.3) } : {}),
    ...(random() < 0.15 ? { optional: others(name, 0.3) } : {}),
    ...(random() < 0.1 ? { core: '^2.0.0' } : {}),
    ...(random() < 0.25 ? { provides: ['fish'] } : {}),
    ...(random() < 0.1 ? { exclusive: ['swimmer'] } : {}),
  })
  return {
    shop: Object.fromEntries(
      some.map((name) => [
        name,
        Object.fromEntries(
          versions
            .slice(0, 1 + Math.floor(random() * 3))
            .map((version) => [version, says(name)] as const),
        ),
      ]),
    ),
    asks: Object.fromEntries(
      some.filter(() => random() < 0.5).map((name) => [name, random() < 0.5 ? '*' : one(ranges)]),
    ),
  }
}

const outcomeOf = ({ shop, asks }: Case, registry = new Registry(releasesOf(shop), plain)) =>
  attempt(registry, wantedOf(asks))
const plain = { bound: new Set<string>(), policyOf: () => 'explicit' as const }
const wantedOf = (asks: Case['asks']): Wanted => ({
  plugins: selectionOf(asks).plugins,
  overrides: new Map(),
  core: '1.0.0',
  node: '24.0.0',
  preferred: new Map(),
  pinned: new Map(),
})

/** The same shop, where every release says only what a proof cites. */
function onlyCited({ shop, asks }: Case, facts: readonly Fact[]): Case {
  const cites = (kind: string, name: string, version: string, other: string, range: string) =>
    facts.some(
      (fact) =>
        fact.kind === kind &&
        'who' in fact &&
        fact.who.of.name === name &&
        isAmong(fact.who, version) &&
        ('name' in fact ? fact.name === other : true) &&
        ('range' in fact ? fact.range === range : true),
    )
  const kept = (
    kind: 'plugins' | 'conflicts' | 'optional',
    name: string,
    version: string,
    says: Says,
  ) =>
    Object.fromEntries(
      Object.entries(says[kind] ?? {}).filter(([other, range]) =>
        cites(kind === 'plugins' ? 'requires' : kind, name, version, other, range),
      ),
    )
  const isExclusive = (name: string, version: string) =>
    facts.some(
      (fact) =>
        fact.kind === 'exclusive' &&
        [fact.who, fact.other].some((who) => who.of.name === name && isAmong(who, version)),
    )
  return {
    asks: Object.fromEntries(
      Object.entries(asks).filter(([name]) =>
        facts.some((fact) => fact.kind === 'asked' && fact.selected.name === name),
      ),
    ),
    shop: Object.fromEntries(
      Object.entries(shop).map(([name, all]) => [
        name,
        Object.fromEntries(
          Object.entries(all).map(([version, says]): [string, Says] => [
            version,
            {
              plugins: kept('plugins', name, version, says),
              conflicts: kept('conflicts', name, version, says),
              optional: kept('optional', name, version, says),
              ...(says.core !== undefined && cites('gate', name, version, '', says.core)
                ? { core: says.core }
                : {}),
              ...(says.provides ? { provides: says.provides } : {}),
              ...(says.exclusive && isExclusive(name, version)
                ? { exclusive: says.exclusive }
                : {}),
            },
          ]),
        ),
      ]),
    ),
  }
}

const isAmong = ({ of, bits }: { of: Universe; bits: bigint }, version: string) =>
  ((bits >> BigInt(of.versions.indexOf(version))) & 1n) === 1n

const tellCase = (at: number, it: Case) =>
  `COMPOSE_TEST_SEED=${start}, case ${at}: ${JSON.stringify(it)}`

test('agrees with trying every choice, and every explanation follows from what it names alone', () => {
  const random = randomFrom(start)
  const solved = { yes: 0, no: 0 }
  const cases = count(3_000, 50_000)
  for (let at = 0; at < cases; at++) {
    const it = caseOf(random)
    const outcome = outcomeOf(it)
    const isSolvable = hasSolution(it.shop, it.asks)
    solved[isSolvable ? 'yes' : 'no']++
    if ('releases' in outcome) {
      const chosen = Object.fromEntries(
        outcome.releases.map(({ name, version }) => [name, version]),
      )
      const wrong = broken(it.shop, it.asks, chosen)
      if (!isSolvable || wrong.length > 0) expect.fail(`${tellCase(at, it)}\n${wrong.join('\n')}`)
    } else {
      if (isSolvable) expect.fail(`refused, and it has a solution: ${tellCase(at, it)}`)
      const cited = onlyCited(it, factsIn(outcome.proof))
      if (hasSolution(cited.shop, cited.asks))
        expect.fail(`the explanation does not suffice: ${tellCase(at, it)}`)
    }
  }
  // Random cases that were all of one kind would show nothing.
  expect(Math.min(solved.yes, solved.no)).toBeGreaterThan(cases / 20)
})

test('every line of a proof follows from the two it is made of', () => {
  const random = randomFrom(start + 1)
  let lines = 0
  for (let at = 0; at < count(500, 5000); at++) {
    const it = caseOf(random)
    const outcome = outcomeOf(it)
    if (!('proof' in outcome)) continue
    for (const clash of derivedIn(outcome.proof)) {
      lines++
      if (!follows(clash)) expect.fail(tellCase(at, it))
    }
  }
  expect(lines).toBeGreaterThan(100)
})

function derivedIn(proof: Clash): readonly Clash[] {
  const seen = new Set<Clash>()
  const visit = (clash: Clash) => {
    if (seen.has(clash) || !isDerived(clash)) return
    seen.add(clash)
    clash.cause.forEach(visit)
  }
  visit(proof)
  return [...seen]
}

/** In every assignment in which all its terms are true, all terms of one of its causes are: checked by trying all. */
function follows(clash: Clash): boolean {
  if (!isDerived(clash)) return true
  const [a, b] = clash.cause
  const universes = [...new Set([...clash.terms, ...a.terms, ...b.terms].map(({ of }) => of))]
  const isTrue = (it: Clash, world: ReadonlyMap<Universe, bigint>) =>
    it.terms.every(({ of, bits }) => ((world.get(of) ?? 0n) & bits) !== 0n)
  const tryAll = (at: number, world: Map<Universe, bigint>): boolean => {
    const of = universes[at]
    if (!of) return !isTrue(clash, world) || isTrue(a, world) || isTrue(b, world)
    // The selection is always there.
    const bits =
      of.versions[0] === '' ? [1n] : [...of.versions.map((_, bit) => 1n << BigInt(bit)), of.absent]
    return bits.every((bit) => tryAll(at + 1, new Map(world).set(of, bit)))
  }
  return tryAll(0, new Map())
}

test('of several cores the newest on which a choice fits is taken, or the proof follows from what it names', () => {
  const random = randomFrom(start + 4)
  const cores = ['1.0.0', '1.1.0', '2.0.0']
  const solved = { yes: 0, no: 0 }
  for (let at = 0; at < count(500, 5000); at++) {
    const ungated = caseOf(random)
    // Each release says which cores it runs on.
    const gates = ['*', '^1.0.0', '^1.0.0', '~1.0.0', '^1.1.0', '^2.0.0']
    const gate = () => gates[Math.floor(random() * gates.length)] ?? '*'
    const it: Case = {
      ...ungated,
      shop: Object.fromEntries(
        Object.entries(ungated.shop).map(([name, versions]) => [
          name,
          Object.fromEntries(
            Object.entries(versions).map(([version, says]) => [version, { ...says, core: gate() }]),
          ),
        ]),
      ),
    }
    const registry = new Registry(releasesOf(it.shop), plain)
    const asked = { value: '*', at: { file: 'selection.yaml', line: 2, column: 1 } }
    const wanted = { ...wantedOf(it.asks), cores: { versions: cores, asked } }
    const outcome = attempt(registry, wanted)
    const fitting = cores.filter((core) => hasSolution(it.shop, it.asks, core))
    solved[fitting.length > 0 ? 'yes' : 'no']++
    if ('core' in outcome) {
      const chosen = Object.fromEntries(
        outcome.releases.map(({ name, version }) => [name, version]),
      )
      expect(
        { core: outcome.core, wrong: broken(it.shop, it.asks, chosen, outcome.core) },
        tellCase(at, it),
      ).toEqual({ core: fitting.at(-1), wrong: [] })
    } else {
      expect(fitting, tellCase(at, it)).toEqual([])
      for (const clash of derivedIn(outcome.proof))
        if (!follows(clash)) expect.fail(tellCase(at, it))
    }
  }
  expect(Math.min(solved.yes, solved.no)).toBeGreaterThan(100)
})

test('the order of releases, plugins and keys changes neither a choice nor a word', () => {
  const random = randomFrom(start + 2)
  const told = ({ shop, asks }: Case, order: <T>(list: readonly T[]) => readonly T[]) => {
    const shuffled = <T>(table: Readonly<Record<string, T>>) =>
      Object.fromEntries(order(Object.entries(table)))
    const releases = order(
      releasesOf(shop).map((each) => ({
        ...each,
        manifest: {
          ...each.manifest,
          requires: {
            ...each.manifest.requires,
            plugins: shuffled(each.manifest.requires.plugins ?? {}),
          },
        },
      })),
    )
    try {
      const { plugins, notices } = resolve(selectionOf(asks), {
        core: { version: '1.0.0' },
        releases,
      })
      return {
        plugins: plugins.map(({ release, askedBy }) => [release.name, release.version, askedBy]),
        notices,
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return error.problems
    }
  }
  for (let at = 0; at < count(250, 3000); at++) {
    const it = caseOf(random)
    const straight = told(it, (list) => list)
    expect(
      told(it, (list) => list.toReversed()),
      tellCase(at, it),
    ).toEqual(straight)
    expect(
      told(it, (list) => list.toSorted(() => random() - 0.5)),
      tellCase(at, it),
    ).toEqual(straight)
  }
})

test('what is locked and still fits is kept, and everything else stays where it may', () => {
  const random = randomFrom(start + 3)
  let kept = 0
  for (let at = 0; at < count(250, 3000); at++) {
    const it = caseOf(random)
    const catalog = { core: { version: '1.0.0' }, releases: releasesOf(it.shop) }
    const versionsOf = (options: Parameters<typeof resolve>[2]) => {
      try {
        return new Map(
          resolve(selectionOf(it.asks), catalog, options).plugins.map(({ release }) => [
            release.name,
            release.version,
          ]),
        )
      } catch (error) {
        if (error instanceof Refused) return undefined
        throw error
      }
    }
    const before = versionsOf(undefined)
    if (!before) continue
    kept++
    expect(versionsOf({ locked: before }), tellCase(at, it)).toEqual(before)
    for (const name of before.keys()) {
      const after = versionsOf({ locked: before, updated: new Set([name]) })
      // The newest was locked already: nothing may move.
      expect(after, tellCase(at, it)).toEqual(before)
    }
  }
  expect(kept).toBeGreaterThan(50)
})

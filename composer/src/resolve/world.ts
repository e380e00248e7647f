import SemVer from 'semver/classes/semver.js'
import type { Located } from '../model/place.ts'
import type { Offered } from '../model/release.ts'
import type { SelectedPlugin, Selection } from '../model/selection.ts'
import type { Clash, Fact, Offer, Sayers } from './facts.ts'
import { admitted, isGateOpen } from './matching.ts'
import type { Registry, Shelf } from './registry.ts'
import type { World } from './solver.ts'
import { sizeOf, universeOf, type Bits, type Term, type Universe } from './terms.ts'

/** What is wanted of the registry: the selection, or the selection with something loosened. */
export interface Wanted {
  readonly plugins: readonly SelectedPlugin[]
  readonly overrides: Selection['overrides']
  readonly core: string
  /** Several cores to choose from, oldest first, and what the selection asks of core; `core` is then of no account. */
  readonly cores?:
    | { readonly versions: readonly string[]; readonly asked: Located<string> }
    | undefined
  readonly node: string
  /** Plugin → the version that is taken while it may be. */
  readonly preferred: ReadonlyMap<string, string>
  /** Plugin → the only version it may have. */
  readonly pinned: ReadonlyMap<string, string>
}

/** A registry and a wish, as a solver asks for them. */
export function worldOf(
  registry: Registry,
  wanted: Wanted,
): World<Fact> & { readonly core: Universe | undefined } {
  const root = universeOf('the selection', [''])
  const core: Universe | undefined = wanted.cores && {
    ...universeOf('core', wanted.cores.versions),
    isCore: true,
  }
  const shelves = new Map<Universe, Shelf>()
  const capabilities = new Set<Universe>()
  const selected = new Set(wanted.plugins.map(({ name }) => name))
  const given = new Set<string>()
  const holders = exclusiveHolders(registry)

  const shelfOf = (name: string) => {
    const shelf = registry.shelf(name)
    shelves.set(shelf.universe, shelf)
    return shelf
  }

  /** "None but these releases of a plugin", and what the sources have for it. */
  const need = (name: string, range: string): { readonly term?: Term; readonly offer: Offer } => {
    const providers = registry.providersOf(name, range)
    if (providers) {
      shelves.set(providers.universe, providers)
      capabilities.add(providers.universe)
      return { term: { of: providers.universe, bits: providers.universe.absent }, offer: 'some' }
    }
    const { universe } = shelfOf(name)
    if (universe.versions.length === 0) return { offer: 'unknown' }
    const bits = wanted.overrides.has(name) ? universe.any : registry.matching(name, range)
    if (bits === 0n) return { offer: 'none-in-range' }
    return { term: { of: universe, bits: universe.full & ~bits }, offer: 'some' }
  }

  /** Every release on the shelf that says the same, this one among them. */
  const sayers = (shelf: Shelf, same: (release: Offered) => boolean): Sayers => {
    let bits = 0n
    let newest: Offered | undefined
    shelf.releases.forEach((release, at) => {
      if (!same(release)) return
      bits |= 1n << BigInt(at)
      newest = release
    })
    if (!newest) throw new Error('a release says what it says')
    return { of: shelf.universe, bits, release: newest }
  }

  /** "None but these cores"; nothing where all of them will do. */
  const coreNeeded = (of: Universe, who: Sayers, range: string): Clash | undefined => {
    const bits = bitsOf(of, (version) => isGateOpen(version, range))
    if (bits === of.any) return undefined
    registry.note(of, bits, range)
    const offer = bits === 0n ? 'none-in-range' : 'some'
    return {
      terms: bits === 0n ? [term(who)] : [term(who), { of, bits: of.full & ~bits }],
      cause: { kind: 'needs-core', who, range, of, offer },
    }
  }

  const coreAsked = (of: Universe, range: Located<string>): Clash => {
    const parsed = of.versions.map((version) => new SemVer(version))
    const fitting = new Set(admitted(parsed, range.value, 'explicit'))
    const bits = bitsOf(of, (_, at) => fitting.has(at))
    registry.note(of, bits, range.value)
    return {
      terms: [
        { of: root, bits: root.any },
        { of, bits: of.full & ~bits },
      ],
      cause: { kind: 'asked-core', range },
    }
  }

  const factsOfRelease = (shelf: Shelf, release: Offered): readonly Clash[] => {
    const { universe } = shelf
    const clashes: Clash[] = []
    const once = (
      key: string,
      same: (release: Offered) => boolean,
      make: (who: Sayers) => Clash | undefined,
    ) => {
      const id = `${universe.name} ${key}`
      if (given.has(id)) return
      given.add(id)
      const clash = make(sayers(shelf, same))
      if (clash) clashes.push(clash)
    }
    const { requires, exclusive = [] } = release.manifest
    const isFree = wanted.overrides.has(release.name)
    if (core && !isFree)
      once(
        `core ${requires.bitcartcc}`,
        (each) => each.manifest.requires.bitcartcc === requires.bitcartcc,
        (who) => coreNeeded(core, who, requires.bitcartcc),
      )
    for (const gate of core ? (['node'] as const) : (['core', 'node'] as const)) {
      const range = gateOf(release, gate)
      if (isFree || range === undefined || isGateOpen(wanted[gate], range)) continue
      once(
        `${gate} ${range}`,
        (each) => gateOf(each, gate) === range,
        (who) => ({
          terms: [term(who)],
          cause: { kind: 'gate', gate, who, range, here: wanted[gate] },
        }),
      )
    }
    for (const [name, range] of entries(requires.plugins))
      once(
        `requires ${name} ${range}`,
        (each) => each.manifest.requires.plugins?.[name] === range,
        (who) => {
          const { term: needed, offer } = need(name, range)
          return {
            terms: needed ? [term(who), needed] : [term(who)],
            cause: { kind: 'requires', who, name, range, offer },
          }
        },
      )
    for (const kind of ['conflicts', 'optional'] as const)
      for (const [name, range] of entries(requires[kind])) {
        if (kind === 'optional' && wanted.overrides.has(name)) continue
        once(
          `${kind} ${name} ${range}`,
          (each) => each.manifest.requires[kind]?.[name] === range,
          (who) => {
            const other = shelfOf(name).universe
            const matching = registry.matching(name, range)
            const bits = kind === 'conflicts' ? matching : other.any & ~matching
            return bits === 0n || other === universe
              ? undefined
              : {
                  terms: [term(who), { of: other, bits }],
                  cause: { kind, who, name, range },
                }
          },
        )
      }
    for (const what of exclusive)
      for (const other of holders.get(what) ?? []) {
        if (other.of === universe) continue
        const pair = [universe.name, other.of.name].toSorted().join(' ')
        if (given.has(`exclusive ${what} ${pair}`)) continue
        given.add(`exclusive ${what} ${pair}`)
        shelfOf(other.of.name)
        const who = sayers(shelf, (each) => each.manifest.exclusive?.includes(what) ?? false)
        const [first, second] = universe.name < other.of.name ? [who, other] : [other, who]
        clashes.push({
          terms: [term(first), term(second)],
          cause: { kind: 'exclusive', what, who: first, other: second },
        })
      }
    return clashes
  }

  const factsOfRoot = (): readonly Clash[] => [
    ...(core && wanted.cores ? [coreAsked(core, wanted.cores.asked)] : []),
    ...wanted.plugins.map((each): Clash => {
      const { universe } = shelfOf(each.name)
      const bits = wanted.overrides.has(each.name)
        ? universe.any
        : registry.matching(each.name, each.range)
      const offer: Offer =
        universe.versions.length === 0 ? 'unknown' : bits === 0n ? 'none-in-range' : 'some'
      return {
        terms: [
          { of: root, bits: root.any },
          ...(offer === 'some' ? [{ of: universe, bits: universe.full & ~bits }] : []),
        ],
        cause: { kind: 'asked', selected: each, offer },
      }
    }),
    ...[...wanted.overrides].map(([name, range]): Clash => {
      const { universe } = shelfOf(name)
      return {
        terms: [
          { of: root, bits: root.any },
          { of: universe, bits: universe.any & ~registry.matching(name, range.value) },
        ],
        cause: { kind: 'overridden', name, range },
      }
    }),
    ...[...wanted.pinned].map(([name, version]): Clash => {
      const { universe } = shelfOf(name)
      const pin = 1n << BigInt(universe.versions.indexOf(version))
      return {
        terms: [
          { of: root, bits: root.any },
          { of: universe, bits: universe.any & ~pin },
        ],
        cause: { kind: 'pinned', name, version },
      }
    }),
  ]

  return {
    root,
    core,
    factsOf: (of, version) => {
      if (of === root) return factsOfRoot()
      if (of === core) return []
      const shelf = shelves.get(of)
      const release = shelf?.releases[version]
      if (!shelf || !release) throw new Error(`${of.name} has no version ${version}`)
      if (!capabilities.has(of)) return factsOfRelease(shelf, release)
      const { universe } = shelfOf(release.name)
      const provider = 1n << BigInt(universe.versions.indexOf(release.version))
      return [
        {
          terms: [
            { of, bits: 1n << BigInt(version) },
            { of: universe, bits: universe.full & ~provider },
          ],
          cause: { kind: 'provides', capability: of.name, release },
        },
      ]
    },
    pick: (of, left, chosen) => {
      const releases = shelves.get(of)?.releases ?? []
      if (capabilities.has(of)) {
        const here = left.find((at) => {
          const release = releases[at]
          const shelf = release && registry.shelf(release.name)
          const version = shelf && chosen.get(shelf.universe)
          return version !== undefined && shelf?.releases[version] === release
        })
        if (here !== undefined) return here
        const first = releases[left[0] ?? 0]?.name
        return left.findLast((at) => releases[at]?.name === first) ?? 0
      }
      const locked = wanted.preferred.get(of.name)
      const kept = left.find((at) => of.versions[at] === locked)
      const stable = left.findLast((at) => !of.versions[at]?.includes('-'))
      return kept ?? stable ?? left.at(-1) ?? 0
    },
    weight: (of, left) => {
      // Whatever is chosen stands on it.
      if (of === core) return 0
      // A capability waits until every plugin is chosen: one of those may provide it.
      if (capabilities.has(of)) return 1_000_000 + sizeOf(left)
      const locked = of.versions.indexOf(wanted.preferred.get(of.name) ?? '')
      return locked >= 0 && ((left >> BigInt(locked)) & 1n) === 1n ? 1 : sizeOf(left)
    },
    before: (a, b) => {
      const [first, second] = [selected.has(a.name), selected.has(b.name)]
      return first === second ? a.name < b.name : first
    },
  }
}

const bitsOf = ({ versions }: Universe, is: (version: string, at: number) => boolean): Bits =>
  versions.reduce((bits, version, at) => (is(version, at) ? bits | (1n << BigInt(at)) : bits), 0n)

const term = ({ of, bits }: Sayers): Term => ({ of, bits })

const gateOf = ({ manifest: { requires } }: Offered, gate: 'core' | 'node') =>
  gate === 'core' ? requires.bitcartcc : requires.node

const entries = (table: Readonly<Record<string, string>> | undefined) =>
  Object.entries(table ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))

/** Kind → the releases that want to be the only one of it. */
function exclusiveHolders(registry: Registry): ReadonlyMap<string, readonly Sayers[]> {
  const holders = new Map<string, Sayers[]>()
  for (const name of registry.names) {
    const { universe, releases } = registry.shelf(name)
    const bits = new Map<string, { bits: Bits; release: Offered }>()
    releases.forEach((release, at) => {
      for (const what of release.manifest.exclusive ?? [])
        bits.set(what, { bits: (bits.get(what)?.bits ?? 0n) | (1n << BigInt(at)), release })
    })
    for (const [what, { bits: set, release }] of bits)
      holders.set(what, [...(holders.get(what) ?? []), { of: universe, bits: set, release }])
  }
  return holders
}

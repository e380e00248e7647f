import compareBuild from 'semver/functions/compare-build.js'
import SemVer from 'semver/classes/semver.js'
import type { Offered } from '../model/release.ts'
import type { PrereleasePolicy } from '../model/selection.ts'
import { admitted, isAny } from './matching.ts'
import { universeOf, type Bits, type Universe } from './terms.ts'

/** A plugin and the releases a selection may choose from. */
export interface Shelf {
  readonly universe: Universe
  /** As `universe.versions`, oldest first. */
  readonly releases: readonly Offered[]
  readonly parsed: readonly SemVer[]
}

export interface RegistryOptions {
  /** Plugins that the selection takes from one place of their own. */
  readonly bound: ReadonlySet<string>
  readonly policyOf: (name: string) => PrereleasePolicy
}

/** What can be chosen from, by name; every answer is the same however the releases were ordered. */
export class Registry {
  /** Names of plugins, sorted. */
  readonly names: readonly string[]
  private readonly shelves: ReadonlyMap<string, Shelf>
  private readonly capabilities: ReadonlyMap<string, Shelf>
  private readonly policyOf: (name: string) => PrereleasePolicy
  private readonly matches = new Map<string, Bits>()
  private readonly wordings = new Map<Universe, Map<Bits, string>>()

  constructor(releases: readonly Offered[], { bound, policyOf }: RegistryOptions) {
    this.policyOf = policyOf
    const offered = releases.filter(({ name, isOwn, version }) => {
      if (bound.has(name)) return isOwn ?? false
      return policyOf(name) !== 'never' || new SemVer(version).prerelease.length === 0
    })
    const byName = Map.groupBy(offered, ({ name }) => name)
    this.names = [...byName.keys()].toSorted()
    this.shelves = new Map(this.names.map((name) => [name, shelfOf(name, byName.get(name) ?? [])]))
    const provided = new Set(offered.flatMap(({ manifest }) => manifest.provides ?? []))
    this.capabilities = new Map(
      [...provided].toSorted().map((name) => [
        name,
        providers(
          name,
          offered.filter((each) => each.name === name || each.manifest.provides?.includes(name)),
        ),
      ]),
    )
  }

  /** Releases of a plugin; none where no source offers it. */
  shelf(name: string): Shelf {
    return this.shelves.get(name) ?? nothing
  }

  /** Who provides a capability, where a requirement with this range may be met by a provider. */
  providersOf(name: string, range: string): Shelf | undefined {
    return isAny(range) ? this.capabilities.get(name) : undefined
  }

  /** The releases of a plugin that a range admits. */
  matching(name: string, range: string): Bits {
    const key = `${name} ${range}`
    const known = this.matches.get(key)
    if (known !== undefined) return known
    const { universe, parsed } = this.shelf(name)
    let bits = 0n
    for (const at of admitted(parsed, range, this.policyOf(name))) bits |= 1n << BigInt(at)
    this.matches.set(key, bits)
    this.note(universe, bits, range)
    return bits
  }

  /** Remembers how an author wrote a set; the first wording is the one it is told in. */
  note(universe: Universe, bits: Bits, range: string): void {
    if (bits === 0n || bits === universe.any || !sizeWorthARange(bits)) return
    const wordings = this.wordings.get(universe) ?? new Map<Bits, string>()
    if (!wordings.has(bits)) wordings.set(bits, range)
    this.wordings.set(universe, wordings)
  }

  /** How an author wrote this set, where one did. */
  wording(universe: Universe, bits: Bits): string | undefined {
    return this.wordings.get(universe)?.get(bits)
  }
}

/** One version is better told by its number. */
const sizeWorthARange = (bits: Bits) => (bits & (bits - 1n)) !== 0n

function shelfOf(name: string, releases: readonly Offered[]): Shelf {
  const sorted = releases.toSorted(
    (a, b) => compareBuild(a.version, b.version) || (a.source < b.source ? -1 : 1),
  )
  return {
    universe: universeOf(
      name,
      sorted.map(({ version }) => version),
    ),
    releases: sorted,
    parsed: sorted.map(({ version }) => new SemVer(version)),
  }
}

/** A capability is chosen like a plugin whose releases are those of its providers. */
function providers(capability: string, releases: readonly Offered[]): Shelf {
  const sorted = releases.toSorted((a, b) =>
    a.name === b.name ? compareBuild(a.version, b.version) : a.name < b.name ? -1 : 1,
  )
  return {
    universe: universeOf(
      capability,
      sorted.map(({ name, version }) => `${name} ${version}`),
    ),
    releases: sorted,
    parsed: [],
  }
}

const nothing = shelfOf('', [])

import type { Clash, Fact, Sayers } from './facts.ts'
import type { Registry } from './registry.ts'
import { isDerived, type Bits, type Term, type Universe } from './terms.ts'

type Demand = Extract<Fact, { kind: 'asked' | 'requires' }>

/** Says facts, and what follows from them, in the words of the people who wrote them. */
export class Wording {
  private readonly registry: Registry
  constructor(registry: Registry) {
    this.registry = registry
  }

  /** What an incompatibility means, as the end of a sentence: `loyalty 2.0.0 is incompatible with theme`. */
  conclusion(clash: Clash): string {
    if (!isDerived(clash)) return this.fact(clash.cause as Fact) // not derived: a fact
    const ruledOut = clash.terms.filter(({ of, bits }) => (bits & of.absent) === 0n)
    const needed = clash.terms.filter(({ of, bits }) => (bits & of.absent) !== 0n)
    const plugins = ruledOut.filter(({ of }) => of.versions[0] !== '')
    const [first, second] = plugins
    if (needed.length === 0) {
      if (!first) return 'no versions fit'
      if (!second)
        return first.bits === first.of.any
          ? `no version of ${first.of.name} can be chosen`
          : `${this.some(first)} cannot be chosen`
      if (plugins.length === 2)
        return `${this.some(first)} is incompatible with ${this.some(second)}`
      return `${listed(plugins.map((each) => this.some(each)))} cannot be combined`
    }
    const demands = needed.map(({ of, bits }) => this.set(of, of.full & ~bits)).join(' or ')
    if (!first) return `your selection needs ${demands}`
    return plugins.length === 1
      ? `${this.every(first)} needs ${demands}`
      : `${listed(plugins.map((each) => this.some(each)))} together need ${demands}`
  }

  /** A fact as the beginning of a sentence, or all of it. */
  fact(fact: Fact): string {
    switch (fact.kind) {
      case 'asked':
        return `your selection needs ${this.demand(fact)}`
      case 'overridden':
        return `your selection overrides ${fact.name} with ${fact.range.value}`
      case 'pinned':
        return `${fact.name} stays ${fact.version}`
      case 'requires':
        return `${this.subject(fact.who)} needs ${this.demand(fact)}`
      case 'gate':
        return `${this.subject(fact.who)} needs ${fact.gate === 'core' ? 'core' : 'Node'} ${fact.range}, and this is ${fact.here}`
      case 'asked-core':
        return `your selection needs core ${fact.range.value}`
      case 'needs-core':
        return `${this.subject(fact.who)} needs core ${fact.range}${fact.offer === 'some' ? '' : `, and there is core ${listed(newestOf(fact.of))}`}`
      case 'conflicts':
        return `${this.subject(fact.who)} does not go with ${ranged(fact.name, fact.range)}`
      case 'optional':
        return `${this.subject(fact.who)} goes only with ${ranged(fact.name, fact.range)}`
      case 'exclusive':
        return `${this.some(fact.who)} and ${this.some(fact.other)} each want to be the only ${fact.what}`
      case 'provides':
        return `${fact.capability} would be provided by ${fact.release.name} ${fact.release.version}`
    }
  }

  /** Two in one breath: who needs two things says so once, and a chain is told as one. */
  both(first: Clash, second: Clash): string {
    const [a, b] = [factOf(first), factOf(second)]
    if (a && b) return this.together(a, b) ?? this.together(b, a) ?? this.joined(first, second)
    return this.joined(first, second)
  }

  private joined(first: Clash, second: Clash) {
    const [one, other] = [this.conclusion(first), this.conclusion(second)]
    // A sentence with a clause of its own is closed before the next one begins.
    return `${one}${one.includes(', ') ? ',' : ''} and ${other}`
  }

  private together(a: Fact, b: Fact): string | undefined {
    if (a.kind === 'asked' && b.kind === 'asked')
      return `your selection needs both ${this.demand(a)} and ${this.demand(b)}`
    if (a.kind === 'requires' && b.kind === 'requires' && sameWho(a.who, b.who))
      return `${this.subject(a.who)} needs both ${this.demand(a)} and ${this.demand(b)}`
    if (
      (a.kind === 'asked' || a.kind === 'requires') &&
      'who' in b &&
      b.kind !== 'exclusive' &&
      b.who.of.name === nameOf(a) &&
      this.speaksOfAll(a, b.who)
    )
      return `${this.fact(a)}, which ${this.fact(b).slice(this.subject(b.who).length + 1)}`
    return undefined
  }

  /** "Which" means every release that was asked for. */
  private speaksOfAll(asked: Demand, { bits }: Sayers) {
    const [name, range] = [nameOf(asked), rangeOf(asked)]
    return (
      asked.offer === 'some' &&
      !(asked.kind === 'requires' && this.registry.providersOf(name, range)) &&
      (this.registry.matching(name, range) & ~bits) === 0n
    )
  }

  private demand(fact: Demand): string {
    const [name, range] = [nameOf(fact), rangeOf(fact)]
    if (fact.offer === 'unknown') return `${name}, which no source has`
    const providers = fact.kind === 'requires' ? this.registry.providersOf(name, range) : undefined
    if (providers)
      return `${name}, which ${listed([...new Set(providers.releases.map((each) => each.name))], 'or')} can provide`
    const asked = ranged(name, range)
    return fact.offer === 'some'
      ? asked
      : `${asked}, and the sources have ${name} ${listed(this.shown(name))}`
  }

  /** The versions there are; the newest ones of many. */
  private shown(name: string): readonly string[] {
    return newestOf(this.registry.shelf(name).universe)
  }

  private subject({ of, bits }: Sayers): string {
    return this.every({ of, bits })
  }

  private every({ of, bits }: Term): string {
    return bits === of.any && of.versions.length > 1
      ? `every version of ${of.name}`
      : this.set(of, bits)
  }

  private some({ of, bits }: Term | Sayers): string {
    return bits === of.any ? of.name : this.set(of, bits)
  }

  private set(of: Universe, bits: Bits): string {
    if (of.isCore)
      return bits === of.any
        ? 'core'
        : `core ${this.registry.wording(of, bits) ?? intervals(of, bits)}`
    if (this.registry.shelf(of.name).universe !== of)
      return bits === of.any
        ? of.name
        : `${of.name} from ${listed(
            numbers(of, bits).map((at) => of.versions[at] ?? ''),
            'or',
          )}`
    if (bits === of.any && of.versions.length > 1) return of.name
    return `${of.name} ${this.registry.wording(of, bits) ?? intervals(of, bits)}`
  }
}

function newestOf({ versions }: Universe): readonly string[] {
  const newest = versions.toReversed()
  return newest.length <= 6 ? newest : [...newest.slice(0, 5), `${newest.length - 5} older`]
}

const factOf = (clash: Clash): Fact | undefined =>
  isDerived(clash) ? undefined : (clash.cause as Fact) // not derived: a fact
const sameWho = (a: Sayers, b: Sayers) => a.of === b.of && a.bits === b.bits
const nameOf = (fact: Demand) => (fact.kind === 'asked' ? fact.selected.name : fact.name)
const rangeOf = (fact: Demand) => (fact.kind === 'asked' ? fact.selected.range : fact.range)
const ranged = (name: string, range: string) => (range === '*' ? name : `${name} ${range}`)

export const listed = (words: readonly string[], by = 'and'): string =>
  words.length <= 2
    ? words.join(` ${by} `)
    : `${words.slice(0, -1).join(', ')} ${by} ${words.at(-1) ?? ''}`

const numbers = (of: Universe, bits: Bits) =>
  of.versions.flatMap((_, at) => (((bits >> BigInt(at)) & 1n) === 1n ? [at] : []))

/** Runs of neighbouring versions: `<1.1.0`, `>=1.1.0 <2.0.0`, a single one by its number. */
function intervals(of: Universe, bits: Bits): string {
  const runs: (readonly [number, number])[] = []
  for (const at of numbers(of, bits)) {
    const last = runs.at(-1)
    if (last?.[1] === at - 1) runs[runs.length - 1] = [last[0], at]
    else runs.push([at, at])
  }
  return runs
    .map(([from, to]) => {
      const [low, high, next] = [of.versions[from], of.versions[to], of.versions[to + 1]]
      if (from === to) return low ?? ''
      if (from === 0 && next === undefined) return '*'
      if (from === 0) return `<=${high ?? ''}`
      return next === undefined ? `>=${low ?? ''}` : `>=${low ?? ''} <${next}`
    })
    .join(' || ')
}

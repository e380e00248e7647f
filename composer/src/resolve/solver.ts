import { sizeOf, type Bits, type Incompatibility, type Term, type Universe } from './terms.ts'

/** What a solver asks of the world. */
export interface World<Fact> {
  /** The one thing that is wanted; everything else follows from its facts. */
  readonly root: Universe
  /** Facts of one version; one may speak of other versions as well, and is given once. */
  readonly factsOf: (of: Universe, version: number) => readonly Incompatibility<Fact>[]
  /** The version to try first among those that are left. Indices, oldest first; never empty. */
  readonly pick: (of: Universe, left: readonly number[], chosen: Chosen) => number
  /** How many versions there are to try; what has the fewest is decided first. Default: those that are left. */
  readonly weight: (of: Universe, left: Bits) => number
  /** A total order, for those of one weight. */
  readonly before: (a: Universe, b: Universe) => boolean
}
/** Universe → index of the version that was chosen. */
export type Chosen = ReadonlyMap<Universe, number>

/** No choice satisfies every fact; the incompatibility it ends with holds the proof. */
export class NoSolution<Fact> extends Error {
  readonly proof: Incompatibility<Fact>
  constructor(proof: Incompatibility<Fact>) {
    super('no solution')
    this.proof = proof
  }
}
/** So many conclusions that the search was given up. */
export class TooHard extends Error {}

interface Step<Fact> {
  readonly of: Universe
  readonly bits: Bits
  /** What is left after this step. */
  readonly left: Bits
  /** undefined: a decision. */
  readonly cause: Incompatibility<Fact> | undefined
  readonly level: number
  readonly index: number
}

/** Conclusions drawn before a search is given up: some seconds. */
const mostConclusions = 40_000

/**
 * Gives one version of everything that is needed, or the proof that there is none (throws NoSolution).
 *
 * Source: PubGrub, `dart-lang/pub: doc/solver.md`; the memory of contradicted incompatibilities is that of
 * `pubgrub-rs/pubgrub`. A term here is a set of known versions instead of an interval, because what a semver range
 * matches is no interval.
 */
export function solve<Fact>(world: World<Fact>, most = mostConclusions): Chosen {
  return new Search(world, most).run()
}

class Search<Fact> {
  private readonly world: World<Fact>
  private readonly known = new Map<Universe, Incompatibility<Fact>[]>()
  private readonly state = new Map<Universe, Bits>()
  private readonly trail: Step<Fact>[] = []
  private readonly stepsOf = new Map<Universe, Step<Fact>[]>()
  private readonly chosen = new Map<Universe, number>()
  /** What is in need of a decision: its "not selected" is ruled out. */
  private readonly needed = new Set<Universe>()
  /** Contradicted since this level: of no interest until the search goes back below it. */
  private readonly dead = new Map<Incompatibility<Fact>, number>()
  private readonly listed = new Map<Universe, Set<number>>()
  private level = 0
  private conclusions = 0
  private readonly most: number

  constructor(world: World<Fact>, most: number) {
    this.world = world
    this.most = most
  }

  run(): Chosen {
    const { root } = this.world
    this.assign(root, root.any, undefined)
    for (let next: Universe | undefined = root; next; next = this.decide()) this.propagate(next)
    return this.chosen
  }

  private left(of: Universe): Bits {
    return this.state.get(of) ?? of.full
  }

  private add(incompatibility: Incompatibility<Fact>): Incompatibility<Fact> {
    for (const { of } of incompatibility.terms) {
      const list = this.known.get(of)
      if (list) list.push(incompatibility)
      else this.known.set(of, [incompatibility])
    }
    return incompatibility
  }

  private assign(of: Universe, bits: Bits, cause: Incompatibility<Fact> | undefined): void {
    const left = this.left(of) & bits
    const step = { of, bits, left, cause, level: this.level, index: this.trail.length }
    this.state.set(of, left)
    if ((left & of.absent) === 0n) this.needed.add(of)
    this.trail.push(step)
    const steps = this.stepsOf.get(of)
    if (steps) steps.push(step)
    else this.stepsOf.set(of, [step])
  }

  private propagate(start: Universe): void {
    const changed = new Set([start])
    for (const of of changed) {
      changed.delete(of)
      const list = this.known.get(of) ?? []
      // The newest first: it was learned where the search is now.
      for (let at = list.length - 1; at >= 0; at--) {
        const incompatibility = list[at]
        if (!incompatibility || this.dead.has(incompatibility)) continue
        const unit = this.unit(incompatibility)
        if (unit === 'contradiction') {
          changed.clear()
          const learned = this.unit(this.learn(incompatibility))
          if (learned === undefined || learned === 'contradiction')
            throw new Error('what was learned must leave exactly one term open')
          changed.add(learned)
          break
        }
        if (unit) changed.add(unit)
      }
    }
  }

  /** Where all terms but one are true, the last one cannot be: what is known of its plugin grows. */
  private unit(incompatibility: Incompatibility<Fact>): Universe | 'contradiction' | undefined {
    let open: Term | undefined
    for (const term of incompatibility.terms) {
      const left = this.left(term.of)
      if ((left & term.bits) === 0n) {
        this.dead.set(incompatibility, this.level)
        return undefined
      }
      if ((left & term.bits) !== left) {
        if (open) return undefined
        open = term
      }
    }
    if (!open) return 'contradiction'
    this.assign(open.of, open.of.full & ~open.bits, incompatibility)
    this.dead.set(incompatibility, this.level)
    return open.of
  }

  /** The first step after which a term is true. */
  private satisfier({ of, bits }: Term): Step<Fact> {
    const step = this.stepsOf.get(of)?.find(({ left }) => (left & bits) === left)
    if (!step) throw new Error(`nothing makes a term of ${of.name} true`)
    return step
  }

  /** Goes back along the causes of a contradiction to what would have shown it earlier; throws where there is nothing earlier. */
  private learn(start: Incompatibility<Fact>): Incompatibility<Fact> {
    let now = start
    for (let isNew = false; ; isNew = true) {
      if (now.terms.every(({ of }) => of === this.world.root)) throw new NoSolution(now)
      const { last, term, rest, back } = this.latest(now)
      if (back < last.level || last.cause === undefined) {
        this.backTo(back)
        return isNew ? this.add(now) : now
      }
      if (++this.conclusions > this.most) throw new TooHard()
      now = { terms: this.resolvent(now, term, last.cause, rest), cause: [now, last.cause] }
    }
  }

  private latest(now: Incompatibility<Fact>) {
    let last: Step<Fact> | undefined
    let term: Term | undefined
    let rest: Bits | undefined
    // Level 1 is the root's own: going back further would begin every proof there.
    let back = 1
    for (const each of now.terms) {
      const step = this.satisfier(each)
      if (last && step.index <= last.index) {
        back = Math.max(back, step.level)
        continue
      }
      if (last) back = Math.max(back, last.level)
      last = step
      term = each
      const beyond = step.bits & ~each.bits
      // The step alone is not enough: an earlier one helped.
      rest = beyond === 0n ? undefined : beyond
      if (rest !== undefined)
        back = Math.max(back, this.satisfier({ of: each.of, bits: each.of.full & ~rest }).level)
    }
    if (!last || !term) throw new Error('an incompatibility has terms')
    return { last, term, rest, back }
  }

  private resolvent(
    now: Incompatibility<Fact>,
    term: Term,
    cause: Incompatibility<Fact>,
    rest: Bits | undefined,
  ): readonly Term[] {
    const merged = new Map<Universe, Bits>()
    const put = ({ of, bits }: Term) => merged.set(of, (merged.get(of) ?? of.full) & bits)
    for (const each of now.terms) if (each !== term) put(each)
    for (const each of cause.terms) if (each.of !== term.of) put(each)
    if (rest !== undefined) put({ of: term.of, bits: term.of.full & ~rest })
    const terms = [...merged]
      .map(([of, bits]) => ({ of, bits }))
      .filter(({ of, bits }) => bits !== of.full)
    return terms.length > 1 ? terms.filter(({ of }) => of !== this.world.root) : terms
  }

  private backTo(level: number): void {
    for (let step = this.trail.at(-1); step && step.level > level; step = this.trail.at(-1)) {
      this.trail.pop()
      const steps = this.stepsOf.get(step.of)
      steps?.pop()
      const left = steps?.at(-1)?.left ?? step.of.full
      this.state.set(step.of, left)
      if ((left & step.of.absent) !== 0n) this.needed.delete(step.of)
      if (step.cause === undefined) this.chosen.delete(step.of)
    }
    this.level = level
    for (const [incompatibility, at] of this.dead) if (at > level) this.dead.delete(incompatibility)
  }

  /** Chooses one version of one plugin that is needed; undefined when none is left to decide. */
  private decide(): Universe | undefined {
    let next: Universe | undefined
    let fewest = Infinity
    for (const of of this.needed) {
      if (this.chosen.has(of)) continue
      const weight = this.world.weight(of, this.left(of))
      if (weight < fewest || (weight === fewest && next && this.world.before(of, next))) {
        next = of
        fewest = weight
      }
    }
    if (!next) return undefined
    const left = this.left(next)
    const candidates = next.versions.flatMap((_, at) =>
      ((left >> BigInt(at)) & 1n) === 1n ? [at] : [],
    )
    const version = this.world.pick(next, candidates, this.chosen)
    if (!this.list(next, version)) {
      this.level++
      this.chosen.set(next, version)
      this.assign(next, 1n << BigInt(version), undefined)
    }
    return next
  }

  /** Adds the facts of a version; true where one of them already rules it out. */
  private list(of: Universe, version: number): boolean {
    const done = this.listed.get(of) ?? new Set()
    this.listed.set(of, done)
    if (done.has(version)) return false
    done.add(version)
    let isOut = false
    for (const fact of this.world.factsOf(of, version)) {
      // What is always true says nothing.
      const kept = fact.terms.filter((term) => term.bits !== term.of.full)
      const added = this.add(kept.length === fact.terms.length ? fact : { ...fact, terms: kept })
      isOut ||= added.terms.every(
        (term) => term.of === of || (this.left(term.of) & term.bits) === this.left(term.of),
      )
    }
    return isOut
  }
}

export const candidateCount = (_: Universe, left: Bits): number => sizeOf(left)

import type { Clash } from './facts.ts'
import { isDerived } from './terms.ts'
import type { Wording } from './wording.ts'

/**
 * Tells a proof as sentences, each following from those before it; what is used twice has a number: `[1] So, because …`.
 *
 * Source: `dart-lang/pub: doc/solver.md`, error reporting.
 */
export function proofText(proof: Clash, wording: Wording): readonly string[] {
  if (!isDerived(proof)) return [`Because ${wording.conclusion(proof)}, no versions fit.`]
  return new Teller(wording, uses(proof)).told(proof)
}

/** Nobody reads more of one proof. */
const mostLines = 24

interface Line {
  text: string
  readonly clash: Clash
}

class Teller {
  private readonly wording: Wording
  private readonly uses: ReadonlyMap<Clash, number>
  private readonly lines: Line[] = []
  private readonly numbers = new Map<Clash, number>()
  private last: Clash | undefined

  constructor(wording: Wording, usesOf: ReadonlyMap<Clash, number>) {
    this.wording = wording
    this.uses = usesOf
  }

  told(proof: Clash): readonly string[] {
    this.last = proof
    this.visit(proof, false)
    const told = this.lines.map(({ text, clash }) => {
      const number = this.numbers.get(clash)
      return number === undefined ? text : `[${number}] ${text}`
    })
    return told.length <= mostLines
      ? told
      : [
          ...told.slice(0, mostLines - 4),
          `… ${told.length - mostLines + 1} more like these …`,
          ...told.slice(-3),
        ]
  }

  private visit(clash: Clash, isCited: boolean): void {
    if (!isDerived(clash)) return
    const [a, b] = clash.cause
    const isNumbered = isCited || (this.uses.get(clash) ?? 0) > 1
    const so = isNumbered || clash === this.last ? 'So, because' : 'And because'
    const write = (text: string) => this.write(clash, text, isNumbered)
    const end = this.wording.conclusion(clash)
    if (isDerived(a) && isDerived(b)) this.visitBoth(clash, [a, b], write)
    else if (!isDerived(a) && !isDerived(b)) write(`Because ${this.wording.both(a, b)}, ${end}.`)
    else {
      const [derived, fact] = isDerived(a) ? [a, b] : [b, a]
      if (this.numbers.has(derived))
        return write(`Because ${this.wording.conclusion(fact)} and ${this.cited(derived)}, ${end}.`)
      const inner = this.collapsible(derived)
      if (!inner) {
        this.visit(derived, false)
        return write(`${so} ${this.wording.conclusion(fact)}, ${end}.`)
      }
      this.visit(inner.derived, false)
      write(`${so} ${this.wording.both(inner.fact, fact)}, ${end}.`)
    }
  }

  private visitBoth(clash: Clash, [a, b]: readonly [Clash, Clash], write: (text: string) => void) {
    const end = this.wording.conclusion(clash)
    const [known, other] = this.numbers.has(a) ? [a, b] : [b, a]
    if (this.numbers.has(a) && this.numbers.has(b))
      return write(`Because ${this.cited(a)} and ${this.cited(b)}, ${end}.`)
    if (this.numbers.has(known)) {
      this.visit(other, false)
      return write(`And because ${this.cited(known)}, ${end}.`)
    }
    if (isSimple(a) || isSimple(b)) {
      const [complex, simple] = isSimple(b) ? [a, b] : [b, a]
      this.visit(complex, false)
      this.visit(simple, false)
      return write(`Thus, ${end}.`)
    }
    this.visit(a, true)
    this.visit(b, false)
    write(`And because ${this.cited(a)}, ${end}.`)
  }

  /** A derivation that is used once, out of one fact and one derivation, is told in one line with what it is for. */
  private collapsible(clash: Clash): { derived: Clash; fact: Clash } | undefined {
    if (!isDerived(clash) || (this.uses.get(clash) ?? 0) > 1) return undefined
    const [a, b] = clash.cause
    if (isDerived(a) === isDerived(b)) return undefined
    const [derived, fact] = isDerived(a) ? [a, b] : [b, a]
    return this.numbers.has(derived) ? undefined : { derived, fact }
  }

  private cited(clash: Clash) {
    return `${this.wording.conclusion(clash)} [${this.numbers.get(clash) ?? 0}]`
  }

  private write(clash: Clash, text: string, isNumbered: boolean) {
    if (isNumbered) this.numbers.set(clash, this.numbers.size + 1)
    this.lines.push({ text: sentence(text), clash })
  }
}

const isSimple = (clash: Clash) => isDerived(clash) && !clash.cause.some(isDerived)

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** How often each derivation is used by another. */
function uses(proof: Clash): ReadonlyMap<Clash, number> {
  const counts = new Map<Clash, number>()
  const visit = (clash: Clash) => {
    if (!isDerived(clash)) return
    const before = counts.get(clash) ?? 0
    counts.set(clash, before + 1)
    if (before === 0) clash.cause.forEach(visit)
  }
  visit(proof)
  return counts
}

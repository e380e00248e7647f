import type { Offered } from '../model/release.ts'
import type { SelectedPlugin } from '../model/selection.ts'
import type { Located } from '../model/place.ts'
import { isDerived, type Bits, type Incompatibility, type Universe } from './terms.ts'

/** Releases of one plugin that say the same thing. */
export interface Sayers {
  readonly of: Universe
  readonly bits: Bits
  /** The newest of them: its manifest is the one that is cited. */
  readonly release: Offered
}

/** What somebody wrote, and what follows from it for the choice; the leaves of every proof. */
export type Fact =
  /** The selection asks for a plugin. */
  | {
      readonly kind: 'asked'
      readonly selected: SelectedPlugin
      readonly offer: Offer
    }
  /** The selection overrides what everybody asks of a plugin. */
  | { readonly kind: 'overridden'; readonly name: string; readonly range: Located<string> }
  /** What is locked is to stay so. */
  | { readonly kind: 'pinned'; readonly name: string; readonly version: string }
  | {
      readonly kind: 'requires'
      readonly who: Sayers
      readonly name: string
      readonly range: string
      readonly offer: Offer
    }
  /** A manifest asks for another core, or another Node. */
  | {
      readonly kind: 'gate'
      readonly gate: 'core' | 'node'
      readonly who: Sayers
      readonly range: string
      readonly here: string
    }
  /** The selection asks for a core, where there are several to choose from. */
  | { readonly kind: 'asked-core'; readonly range: Located<string> }
  /** A manifest asks for a core, where there are several to choose from. */
  | {
      readonly kind: 'needs-core'
      readonly who: Sayers
      readonly range: string
      readonly of: Universe
      readonly offer: Offer
    }
  | {
      readonly kind: 'conflicts'
      readonly who: Sayers
      readonly name: string
      readonly range: string
    }
  | {
      readonly kind: 'optional'
      readonly who: Sayers
      readonly name: string
      readonly range: string
    }
  | {
      readonly kind: 'exclusive'
      readonly what: string
      readonly who: Sayers
      readonly other: Sayers
    }
  /** A capability that is met by this provider needs the provider. */
  | { readonly kind: 'provides'; readonly capability: string; readonly release: Offered }

/** What the sources have for a requirement. */
export type Offer = 'some' | 'none-in-range' | 'unknown'

export type Clash = Incompatibility<Fact>

/** The facts that a proof rests on, each once, in the order they come up. */
export function factsIn(proof: Clash): readonly Fact[] {
  const facts = new Set<Fact>()
  const seen = new Set<Clash>()
  const visit = (clash: Clash) => {
    if (seen.has(clash)) return
    seen.add(clash)
    if (isDerived(clash)) clash.cause.forEach(visit)
    else facts.add(clash.cause as Fact) // not derived: a fact
  }
  visit(proof)
  return [...facts]
}

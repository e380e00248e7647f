import type { Offered } from '../model/release.ts'
import type { Clash, Fact } from './facts.ts'
import type { Registry } from './registry.ts'
import { NoSolution, solve, TooHard } from './solver.ts'
import { worldOf, type Wanted } from './world.ts'

/** Conclusions that a search for a way out may cost. */
const shortSearch = 2000

/** The releases that were chosen, sorted by name, and on which core; or the proof that none fit. */
export type Attempt =
  | { readonly releases: readonly Offered[]; readonly core: string }
  | { readonly proof: Clash }

/** Tries to satisfy a wish. Throws TooHard where the search is given up. */
export function attempt(registry: Registry, wanted: Wanted, most?: number): Attempt {
  try {
    const world = worldOf(registry, wanted)
    const chosen = solve<Fact>(world, most)
    const releases = [...chosen].flatMap(([of, at]) => {
      const shelf = registry.shelf(of.name)
      const release = shelf.universe === of ? shelf.releases[at] : undefined
      return release ? [release] : []
    })
    const ofCore = world.core && chosen.get(world.core)
    return {
      releases: releases.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      core: (ofCore === undefined ? undefined : world.core?.versions[ofCore]) ?? wanted.core,
    }
  } catch (error) {
    if (error instanceof NoSolution) return { proof: error.proof as Clash } // of the world above
    throw error
  }
}

/** As `attempt`; undefined where a short search ends with neither. */
export function attemptSoon(registry: Registry, wanted: Wanted): Attempt | undefined {
  try {
    return attempt(registry, wanted, shortSearch)
  } catch (error) {
    if (error instanceof TooHard) return undefined
    throw error
  }
}

/** The releases that satisfy a wish, where a short search finds them. */
export function soonFound(registry: Registry, wanted: Wanted): readonly Offered[] | undefined {
  const found = attemptSoon(registry, wanted)
  return found && 'releases' in found ? found.releases : undefined
}

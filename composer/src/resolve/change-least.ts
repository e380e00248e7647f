import type { Offered } from '../model/release.ts'
import { soonFound } from './attempt.ts'
import type { Registry } from './registry.ts'
import type { Wanted } from './world.ts'

const mostTries = 20

/**
 * Takes back each move away from the lock that was not necessary: solved again with it pinned, and kept where that
 * succeeds and what was to be updated is still as new. No single further move can be taken back, up to 20 tried.
 */
export function changeLeast(
  registry: Registry,
  wanted: Wanted,
  first: readonly Offered[],
  locked: ReadonlyMap<string, string>,
  updated: ReadonlySet<string>,
): readonly Offered[] {
  const goal = new Map(
    first.filter(({ name }) => updated.has(name)).map(({ name, version }) => [name, version]),
  )
  let best = first
  const pinned = new Map(wanted.pinned)
  const moved = first.filter(
    ({ name, version }) =>
      !updated.has(name) &&
      locked.has(name) &&
      locked.get(name) !== version &&
      registry.shelf(name).universe.versions.includes(locked.get(name) ?? ''),
  )
  for (const { name } of moved.slice(0, mostTries)) {
    const tried = new Map(pinned).set(name, locked.get(name) ?? '')
    const again = soonFound(registry, { ...wanted, pinned: new Map([...tried, ...goal]) })
    if (!again) continue
    pinned.set(name, locked.get(name) ?? '')
    best = again
  }
  return best
}

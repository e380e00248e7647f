import semverSatisfies from 'semver/functions/satisfies.js'
import type { Shop } from './test-support.ts'

/** name → version, for each that is chosen. */
type Chosen = Readonly<Record<string, string>>

const answers = new Map<string, Map<string, boolean>>()
function satisfies(version: string, range: string): boolean {
  const ofRange = answers.get(range) ?? new Map<string, boolean>()
  const known = ofRange.get(version) ?? semverSatisfies(version, range)
  answers.set(range, ofRange.set(version, known))
  return known
}

/** All in which a choice breaks what one of its own releases, or the selection, says. */
export const broken = (
  shop: Shop,
  asks: Readonly<Record<string, string>>,
  chosen: Chosen,
  core = '1.0.0',
): readonly string[] => [...breaches(shop, asks, chosen, core)]

/** The same, one after another: whoever asks only whether there is one need not wait for all. */
function* breaches(
  shop: Shop,
  asks: Readonly<Record<string, string>>,
  chosen: Chosen,
  core: string,
): Generator<string> {
  for (const name in asks) {
    const version = chosen[name]
    const range = asks[name] ?? ''
    if (version === undefined || !satisfies(version, range)) yield `asks ${name} ${range}`
  }
  for (const name in chosen) {
    const says = shop[name]?.[chosen[name] ?? ''] ?? {}
    const { plugins = {}, optional = {}, conflicts = {}, core: range = '*', exclusive = [] } = says
    for (const other in plugins) {
      const wants = plugins[other] ?? ''
      if (!meets(shop, chosen, other, wants)) yield `${name} needs ${other} ${wants}`
    }
    for (const other in optional) {
      const version = other === name ? undefined : chosen[other]
      const wants = optional[other] ?? ''
      if (version !== undefined && !satisfies(version, wants))
        yield `${name} goes with ${other} ${wants}`
    }
    for (const other in conflicts) {
      const version = other === name ? undefined : chosen[other]
      const wants = conflicts[other] ?? ''
      if (version !== undefined && satisfies(version, wants))
        yield `${name} not with ${other} ${wants}`
    }
    if (!satisfies(core, range)) yield `${name} needs core`
    for (const kind of exclusive)
      if (
        isSaid(shop, chosen, (each, at) => at !== name && each.exclusive?.includes(kind) === true)
      )
        yield `${name} is the only ${kind}`
  }
}

function meets(shop: Shop, chosen: Chosen, name: string, range: string): boolean {
  const version = chosen[name]
  if (version !== undefined && satisfies(version, range)) return true
  // Who provides it makes it a capability.
  return range === '*' && isSaid(shop, chosen, ({ provides }) => provides?.includes(name) === true)
}

/** Whether one of the chosen releases says so. */
function isSaid(
  shop: Shop,
  chosen: Chosen,
  so: (says: Shop[string][string], name: string) => boolean,
): boolean {
  for (const name in chosen) {
    const says = shop[name]?.[chosen[name] ?? '']
    if (says && so(says, name)) return true
  }
  return false
}

/** Tries every choice there is, each plugin in every version or not at all; knows nothing of the solver. */
export function hasSolution(
  shop: Shop,
  asks: Readonly<Record<string, string>>,
  core = '1.0.0',
): boolean {
  const all = Object.entries(shop).map(([name, versions]) => [name, Object.keys(versions)] as const)
  const choose = (at: number, chosen: Chosen): boolean => {
    const next = all[at]
    if (!next) return breaches(shop, asks, chosen, core).next().done === true
    const [name, versions] = next
    return (
      choose(at + 1, chosen) ||
      versions.some((version) => choose(at + 1, { ...chosen, [name]: version }))
    )
  }
  return choose(0, {})
}

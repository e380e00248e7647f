import semverSatisfies from 'semver/functions/satisfies.js'
import type { Shop } from './test-support.ts'

/** name → version, for each that is chosen. */
type Chosen = Readonly<Record<string, string>>

const answers = new Map<string, boolean>()
function satisfies(version: string, range: string): boolean {
  const key = `${version} ${range}`
  const known = answers.get(key) ?? semverSatisfies(version, range)
  answers.set(key, known)
  return known
}

/** Whether a choice breaks something that one of its own releases, or the selection, says. */
export function broken(
  shop: Shop,
  asks: Readonly<Record<string, string>>,
  chosen: Chosen,
  core = '1.0.0',
): string[] {
  const says = Object.entries(chosen).map(([name, version]) => ({
    name,
    version,
    says: shop[name]?.[version] ?? {},
  }))
  const provides = (capability: string) =>
    says.some((each) => each.says.provides?.includes(capability))
  const meets = (name: string, range: string) => {
    const version = chosen[name]
    if (version !== undefined && satisfies(version, range)) return true
    return range === '*' && isCapability(shop, name) && provides(name)
  }
  return [
    ...Object.entries(asks).flatMap(([name, range]) =>
      chosen[name] !== undefined && satisfies(chosen[name], range) ? [] : [`asks ${name} ${range}`],
    ),
    ...says.flatMap(({ name, says: { plugins, optional, conflicts, core: range, exclusive } }) => [
      ...Object.entries(plugins ?? {}).flatMap(([other, wants]) =>
        meets(other, wants) ? [] : [`${name} needs ${other} ${wants}`],
      ),
      ...Object.entries(optional ?? {}).flatMap(([other, wants]) =>
        chosen[other] === undefined || other === name || satisfies(chosen[other], wants)
          ? []
          : [`${name} goes with ${other} ${wants}`],
      ),
      ...Object.entries(conflicts ?? {}).flatMap(([other, wants]) =>
        other !== name && chosen[other] !== undefined && satisfies(chosen[other], wants)
          ? [`${name} not with ${other} ${wants}`]
          : [],
      ),
      ...(satisfies(core, range ?? '*') ? [] : [`${name} needs core`]),
      ...(exclusive ?? []).flatMap((kind) =>
        says.some((each) => each.name !== name && each.says.exclusive?.includes(kind))
          ? [`${name} is the only ${kind}`]
          : [],
      ),
    ]),
  ]
}

const isCapability = (shop: Shop, name: string) =>
  Object.values(shop).some((versions) =>
    Object.values(versions).some(({ provides }) => provides?.includes(name)),
  )

/** Tries every choice there is, each plugin in every version or not at all; knows nothing of the solver. */
export function hasSolution(
  shop: Shop,
  asks: Readonly<Record<string, string>>,
  core = '1.0.0',
): boolean {
  const names = Object.keys(shop)
  const choose = (at: number, chosen: Record<string, string>): boolean => {
    const name = names[at]
    if (name === undefined) return broken(shop, asks, chosen, core).length === 0
    const versions: readonly (string | undefined)[] = [undefined, ...Object.keys(shop[name] ?? {})]
    return versions.some((version) => {
      if (version === undefined) return choose(at + 1, chosen)
      return choose(at + 1, { ...chosen, [name]: version })
    })
  }
  return choose(0, {})
}

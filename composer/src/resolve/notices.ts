import type { Offered } from '../model/release.ts'
import { isGateOpen } from './matching.ts'
import type { Registry } from './registry.ts'
import type { Wanted } from './world.ts'

/** What an operator should know about a choice: an older release because of core or Node, and what was overridden. */
export function notices(
  releases: readonly Offered[],
  registry: Registry,
  wanted: Wanted,
): readonly string[] {
  return releases.flatMap((release) => {
    const { name, version } = release
    const override = wanted.overrides.get(name)
    if (override !== undefined)
      return [
        `${name} ${version}: the selection overrides what others ask of it, and what it asks of core`,
      ]
    const shelf = registry.shelf(name)
    const ranges = [
      ...wanted.plugins.filter((each) => each.name === name).map(({ range }) => range),
      ...releases.flatMap(({ manifest: { requires } }) => requires.plugins?.[name] ?? []),
    ]
    const isAsked = (at: number) =>
      ranges.every((range) => ((registry.matching(name, range) >> BigInt(at)) & 1n) === 1n)
    const newer = shelf.releases.findLast(
      (each, at) => at > shelf.releases.indexOf(release) && isAsked(at) && closedGate(each, wanted),
    )
    return newer
      ? [
          `${name} ${version}, for ${name} ${newer.version} needs ${closedGate(newer, wanted) ?? ''}`,
        ]
      : []
  })
}

/** Where a plugin holds core back: the newest core that the selection lets be, and who does not run on it. */
export function coreNotices(
  cores: readonly string[],
  releases: readonly Offered[],
  { core, overrides }: Wanted,
): readonly string[] {
  const newest = cores.findLast((each) => !each.includes('-')) ?? cores.at(-1)
  if (newest === undefined || core === newest) return []
  const holders = releases.filter(
    ({ name, manifest }) =>
      !overrides.has(name) && !isGateOpen(newest, manifest.requires.bitcartcc),
  )
  return holders.map(
    ({ name, version, manifest }) =>
      `core ${core}, for ${name} ${version} needs core ${manifest.requires.bitcartcc}, and core ${newest} is there`,
  )
}

function closedGate({ manifest: { requires } }: Offered, { core, node }: Wanted) {
  if (!isGateOpen(core, requires.bitcartcc)) return `core ${requires.bitcartcc}`
  if (requires.node !== undefined && !isGateOpen(node, requires.node))
    return `Node ${requires.node}`
  return undefined
}

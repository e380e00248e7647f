import type { SelectedPlugin } from '../model/selection.ts'
import { soonFound } from './attempt.ts'
import { isAny } from './matching.ts'
import type { Registry } from './registry.ts'
import type { Wanted } from './world.ts'

/** One line of the selection, and what it must say. */
export interface Change {
  readonly selected: SelectedPlugin
  /** The range to write; undefined: take the plugin out. */
  readonly range: string | undefined
  /** The version that is chosen then. */
  readonly version: string | undefined
}

const mostChanges = 5

/**
 * What would make a wish come true, found by trying: one requirement of those a proof names widened, else several of
 * them at once, else one of the plugins taken out. Each list of changes suffices alone.
 */
export function loosen(
  registry: Registry,
  wanted: Wanted,
  asked: readonly SelectedPlugin[],
): readonly (readonly Change[])[] {
  const tried = asked.slice(0, 2 * mostChanges)
  const widened = tried.flatMap((each) => {
    const change = widen(registry, wanted, [each])
    return change ? [change] : []
  })
  if (widened.length > 0) return widened.slice(0, mostChanges)
  const together = tried.length > 1 ? widen(registry, wanted, tried) : undefined
  if (together && together.length <= mostChanges) return [together]
  return tried
    .filter((each) => {
      const without = wanted.plugins.filter(({ name }) => name !== each.name)
      return soonFound(registry, { ...wanted, plugins: without }) !== undefined
    })
    .map((selected) => [{ selected, range: undefined, version: undefined }])
    .slice(0, mostChanges)
}

/** The ranges that fit when these requirements take any version. */
function widen(
  registry: Registry,
  wanted: Wanted,
  asked: readonly SelectedPlugin[],
): readonly Change[] | undefined {
  if (asked.every(({ range }) => isAny(range))) return undefined
  const free = soonFound(
    registry,
    withRanges(wanted, new Map(asked.map(({ name }) => [name, '*']))),
  )
  if (!free) return undefined
  const changes = asked.flatMap((selected): readonly Change[] => {
    const version = free.find(({ name }) => name === selected.name)?.version ?? ''
    const isKept =
      ((registry.matching(selected.name, selected.range) >>
        bitOf(registry, selected.name, version)) &
        1n) ===
      1n
    return isKept ? [] : [{ selected, range: `^${version}`, version }]
  })
  const isEnough = (ranges: readonly Change[]) =>
    soonFound(
      registry,
      withRanges(
        wanted,
        new Map(ranges.map(({ selected, range }) => [selected.name, range ?? '*'])),
      ),
    )
  if (isEnough(changes)) return changes
  // What `^` lets in may want something else again.
  const exact = changes.map((change) => ({ ...change, range: change.version }))
  return isEnough(exact) ? exact : undefined
}

const withRanges = (wanted: Wanted, ranges: ReadonlyMap<string, string>): Wanted => ({
  ...wanted,
  plugins: wanted.plugins.map((each) => ({ ...each, range: ranges.get(each.name) ?? each.range })),
})

const bitOf = (registry: Registry, name: string, version: string) =>
  BigInt(registry.shelf(name).universe.versions.indexOf(version))

import type { Release } from '../model/release.ts'

/**
 * Plugins in the order that each comes after those it needs, ties by name; and those that need each other in a circle.
 *
 * Where `isTold` says that two have settled it themselves, one of a circle comes first all the same: before all one that
 * needs nothing outright that is still to come.
 */
export function dependencyOrder(
  releases: readonly Release[],
  isTold: (plugin: string, needed: string) => boolean = () => false,
): {
  readonly releases: readonly Release[]
  readonly circle: readonly string[]
} {
  const names = new Set(releases.map(({ name }) => name))
  const left = new Map(
    releases
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((release) => [release.name, release]),
  )
  const needs = ({ manifest: { requires } }: Release) =>
    [...Object.keys(requires.plugins ?? {}), ...Object.keys(requires.optional ?? {})].filter(
      (name) => names.has(name),
    )
  const isOutright = ({ manifest: { requires } }: Release, name: string) =>
    Object.hasOwn(requires.plugins ?? {}, name)
  const ordered: Release[] = []
  while (left.size > 0) {
    const mayCome = (mayWait: (release: Release, name: string) => boolean) =>
      [...left.values()].find((release) =>
        needs(release).every((name) => !left.has(name) || mayWait(release, name)),
      )
    const next =
      mayCome(() => false) ??
      mayCome((release, name) => isTold(release.name, name) && !isOutright(release, name)) ??
      mayCome((release, name) => isTold(release.name, name))
    if (!next) return { releases: [...ordered, ...left.values()], circle: circleIn(left, needs) }
    ordered.push(next)
    left.delete(next.name)
  }
  return { releases: ordered, circle: [] }
}

function circleIn(
  left: ReadonlyMap<string, Release>,
  needs: (release: Release) => readonly string[],
): readonly string[] {
  const walked: string[] = []
  let release = left.values().next().value
  while (release && !walked.includes(release.name)) {
    walked.push(release.name)
    release = left.get(needs(release).find((name) => left.has(name)) ?? '')
  }
  return walked.slice(walked.indexOf(release?.name ?? ''))
}

import semver from 'semver'
import { infrastructureNamed } from '../model/infrastructure.ts'
import type { Release } from '../model/release.ts'

export interface Need {
  readonly release: Release
  readonly range: string
}
/** A service that core gives once, to all plugins that need it. */
export interface SharedService {
  readonly name: string
  readonly version: string
  readonly image: string
  readonly needs: readonly Need[]
}

/** Name of a shared service → who needs it, in which range; sorted by name, then by plugin. */
export function needsOf(releases: readonly Release[]): ReadonlyMap<string, readonly Need[]> {
  const all = releases.flatMap((release) => {
    const { services } = release.manifest.contributes
    const needs = typeof services === 'object' ? services.needs : undefined
    return Object.entries(needs ?? {}).map(([name, range]) => ({ name, release, range }))
  })
  const sorted = all.toSorted((a, b) =>
    a.name === b.name ? (a.release.name < b.release.name ? -1 : 1) : a.name < b.name ? -1 : 1,
  )
  return Map.groupBy(sorted, ({ name }) => name)
}

/** One of each that fits every range: the newest that core can give. Where none fits there is none; `plan` refuses. */
export const sharedServices = (
  releases: readonly Release[],
  chosen: Readonly<Record<string, string>>,
): readonly SharedService[] =>
  [...needsOf(releases)].flatMap(([name, needs]) => {
    const found = infrastructureNamed(name)?.versions.find(({ version }) =>
      needs.every(({ range }) => semver.satisfies(version, range)),
    )
    return found
      ? [{ name, version: found.version, image: chosen[name] ?? found.image, needs }]
      : []
  })

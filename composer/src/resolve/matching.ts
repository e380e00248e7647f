import Range from 'semver/classes/range.js'
import SemVer from 'semver/classes/semver.js'
import type { PrereleasePolicy } from '../model/selection.ts'

const options = { includePrerelease: true }
const ranges = new Map<string, Range>()
const widened = new Map<string, Range>()
const rangeOf = (text: string) => kept(ranges, text, () => new Range(text))
const widenedOf = (text: string) => kept(widened, text, () => new Range(text, options))

/** Whether a version is in a range as its author wrote it: a prerelease only where the range names one of the same version. */
export const isIn = (version: SemVer, range: string): boolean => rangeOf(range).test(version)

/** As `isIn`, and prereleases are ordinary members; `2.0.0-rc.1` is not below `<2.0.0`. */
const isInAllowing = (version: SemVer, range: string) =>
  isIn(version, range) ||
  (version.prerelease.length > 0 &&
    widenedOf(range).test(version) &&
    isIn(withoutPrerelease(version), range))

const withoutPrerelease = ({ major, minor, patch }: SemVer) =>
  new SemVer(`${major}.${minor}.${patch}`)

/** Which of these versions a range admits under a policy; indices. */
export function admitted(
  versions: readonly SemVer[],
  range: string,
  policy: PrereleasePolicy,
): readonly number[] {
  const of = (fits: (version: SemVer, range: string) => boolean) =>
    versions.flatMap((version, at) => (fits(version, range) ? [at] : []))
  if (policy === 'allow') return of(isInAllowing)
  const strict = of(isIn)
  return policy === 'if-necessary' && strict.length === 0 ? of(isInAllowing) : strict
}

/** Whether a manifest lets this core, or this Node, run it: a prerelease stands for the version it leads to. */
export function isGateOpen(version: string, range: string): boolean {
  const parsed = new SemVer(version)
  return (
    isIn(parsed, range) || (parsed.prerelease.length > 0 && isIn(withoutPrerelease(parsed), range))
  )
}

/** `*` in one of its spellings: any version. */
export const isAny = (range: string): boolean => rangeOf(range).range === ''

function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

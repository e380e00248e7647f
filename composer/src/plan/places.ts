import type { Fact } from '@bitcartcc/sdk/problem'
import type { Place } from '../model/place.ts'
import type { Release } from '../model/release.ts'

/** A row that names a plugin, the place in its manifest, and what stands there. */
export function rowOf(release: Release, ...path: readonly (string | number)[]): Fact {
  const place = release.at(...path)
  return [
    `${release.name} ${release.version}`,
    `plugin.yaml:${place.line}`,
    release.lineAt(...path),
  ]
}

/** `selection.yaml:5` */
export const placeText = ({ file, line }: Place): string => `${file}:${line}`

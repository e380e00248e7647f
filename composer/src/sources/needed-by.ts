import type { Release } from '../model/release.ts'

/** Names a release may bring into the choice, so that sources must be asked for them too; sorted. */
export const neededBy = ({ manifest }: Release): readonly string[] =>
  Object.keys({ ...manifest.requires.plugins, ...manifest.requires.optional }).toSorted()

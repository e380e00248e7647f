import type { Offered } from '../model/release.ts'

/** Names a release may bring into the choice, so that sources must be asked for them too; sorted. */
export const neededBy = ({ manifest }: Offered): readonly string[] =>
  Object.keys({ ...manifest.requires.plugins, ...manifest.requires.optional }).toSorted()

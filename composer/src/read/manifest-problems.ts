import type { Problem } from '@bitcartcc/sdk/problem'
import type { Place } from '../model/place.ts'

/** A version or range in a manifest that semver cannot read. */
export const notAVersion = (value: string, wanted: string, at: Place, line: string): Problem => ({
  code: 'sources/not-a-version',
  says: `${JSON.stringify(value)} is not ${wanted}.`,
  facts: [[`${at.file}:${at.line}`, line]],
  fix: [`In ${at.file}:${at.line} write ${wanted}.`],
})

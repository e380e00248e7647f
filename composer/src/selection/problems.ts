import type { Problem } from '@bitcartcc/sdk/problem'
import type { Place } from '../model/place.ts'

/** There is no selection where one was named. */
export const noSelection = (shownAs: string): Problem => ({
  code: 'selection/not-found',
  says: `There is no file ${shownAs}.`,
  fix: ['Name the selection:   compose build dist-templates/selections/standard.yaml'],
})

/** A range of versions that semver cannot read. */
export const notARange = (range: string, at: Place, line: string): Problem => ({
  code: 'selection/not-a-range',
  says: `${JSON.stringify(range)} is not a range of versions.`,
  facts: [[`${at.file}:${at.line}`, line]],
  fix: [`In ${at.file}:${at.line} write a range like   ^1.0.0`],
})

import type { Problem } from '@bitcartcc/sdk/problem'
import type { SelectedPlugin } from '../model/selection.ts'

const factOf = ({ at, text }: SelectedPlugin) => [`${at.file}:${at.line}`, text] as const
const shown = ({ name, git }: SelectedPlugin) =>
  `${name} at ${git?.revision ?? ''} of ${git?.url ?? ''}`

/** git could not give a revision, or what it gave is no plugin. */
export const gitFailed = (asked: SelectedPlugin, because: string): Problem => ({
  code: 'sources/git-failed',
  says: `${shown(asked)} cannot be read.`,
  because: [because],
  facts: [factOf(asked)],
  kept: 'Nothing was built.',
  fix: [
    'Look whether the address and the revision are right, and whether   git fetch   reaches it.',
    'What was fetched before is enough for   compose build --offline',
  ],
})

/** Under --offline a revision is needed that was never fetched. */
export const revisionNotHere = (asked: SelectedPlugin): Problem => ({
  code: 'sources/not-here',
  says: `${shown(asked)} was not fetched before, and --offline fetches nothing.`,
  facts: [factOf(asked)],
  kept: 'Nothing was built.',
  fix: ['Build once without --offline, with the same cache.'],
})

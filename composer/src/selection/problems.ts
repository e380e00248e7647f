import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Place } from '../model/place.ts'

/** There is no selection where one was named; `near` is the one that was meant. */
export const noSelection = (
  shownAs: string,
  isFolder: boolean,
  near: string | undefined,
): Problem => ({
  code: 'selection/not-found',
  says: isFolder
    ? `${shownAs} is a folder, and a selection is a file.`
    : `There is no selection at ${shownAs}.`,
  fix:
    near === undefined
      ? [
          'Name the one you have:   compose build shop/selection.yaml',
          'or begin one here:       compose init',
        ]
      : [`Name the one that is there:   compose build ${near}`],
})

/** A range of versions that semver cannot read. */
export const notARange = (range: string, at: Place, line: string): Problem => ({
  code: 'selection/not-a-range',
  says: `${JSON.stringify(range)} is not a range of versions.`,
  facts: [[`${at.file}:${at.line}`, line]],
  fix: [`In ${at.file}:${at.line} write a range like   ^1.0.0`],
})

/** `compose init` with a name that no distribution may have. */
export const notADistributionName = (name: string, right: string): Problem => ({
  code: 'selection/wrong-value',
  says: `${JSON.stringify(name)} is no name of a distribution.`,
  kept: 'Nothing was written.',
  fix: [
    'Take words of small letters and digits with a - between them, at most 40 characters:',
    `  compose init ${right}`,
  ],
})

/** `compose init` where a selection is already. */
export const alreadyThere = (file: string): Problem => ({
  code: 'selection/already-there',
  says: `${file} is already there.`,
  fix: ['Add a plugin to it:   compose add ratings', 'Or make another in an empty folder.'],
})

/** `compose add` of what is selected already. */
export const alreadySelected = (name: string, at: Place, line: string): Problem => ({
  code: 'selection/already-selected',
  says: `${name} is already selected.`,
  facts: [[`${at.file}:${at.line}`, line]],
  fix: [`For another version change the range in ${at.file}:${at.line}.`],
})

/** `compose add` of a plugin that no source has. */
export const notOffered = (name: string, near: string | undefined): Problem => ({
  code: 'selection/not-offered',
  says: `No source has a plugin named ${name}.`,
  kept: 'The selection is as it was.',
  fix: [
    near === undefined
      ? 'Put the plugin into ./plugins, or name where it is under sources in the selection.'
      : `Write   compose add ${near}`,
  ],
})

/** `compose remove` of what is not selected. */
export const notSelected = (name: string, shownAs: string, near: string | undefined): Problem => ({
  code: 'selection/not-selected',
  says: `${shownAs} does not select ${name}.`,
  fix: [
    near === undefined ? 'See what it selects:   compose list' : `Write   compose remove ${near}`,
  ],
})

/** `compose remove` of what another plugin would bring back. */
export const stillNeeded = (name: string, needs: readonly Fact[]): Problem => ({
  code: 'selection/still-needed',
  says: `${name} would come back: another plugin requires it.`,
  facts: needs,
  kept: 'The selection is as it was.',
  fix: [`Remove what requires it as well, in one go:   compose remove ${name} …`],
})

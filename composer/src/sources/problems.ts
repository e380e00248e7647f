import type { Problem } from '@bitcartcc/sdk/problem'
import type { Place } from '../model/place.ts'
import type { Offered } from '../model/release.ts'

/** A source or path names a folder that is not there, or is no plugin; the folder as it is shown. */
export const noFolder = (folder: string, at: Place, text?: string): Problem => ({
  code: 'sources/no-folder',
  says:
    text === undefined ? `There is no folder ${folder}.` : `There is no plugin.yaml in ${folder}.`,
  facts: [[`${at.file}:${at.line}`, text ?? `folder: ${folder}`]],
  kept: 'Nothing was built.',
  fix: [`Correct the path in ${at.file}:${at.line}.`],
})

/** A plugin names an archive that is not there. */
export const noArchive = (archive: string, at: Place, text: string): Problem => ({
  code: 'sources/no-archive',
  says: `There is no archive ${archive}.`,
  facts: [[`${at.file}:${at.line}`, text]],
  kept: 'Nothing was built.',
  fix: [`Correct the path in ${at.file}:${at.line}.`],
})

/** A manifest is there, and is no file one could read. */
export const notReadable = (manifest: string): Problem => ({
  code: 'sources/not-readable',
  says: `${manifest} is not a file that can be read.`,
  kept: 'Nothing was built.',
  fix: [`Make ${manifest} a file that you may read: the manifest of the plugin.`],
})

/** One release lies in two sources. */
export const twoReleases = (first: Offered, second: Offered): Problem => ({
  code: 'sources/two-releases',
  says: `${first.name} ${first.version} lies in two sources.`,
  facts: [first, second].map(({ source, lineAt }) => [`${source}/plugin.yaml`, lineAt('version')]),
  fix: [
    'Say in the selection which one you mean:',
    `  plugins:`,
    `    ${first.name}: { ${first.integrity === undefined ? 'path' : 'archive'}: ${first.source} }`,
  ],
})

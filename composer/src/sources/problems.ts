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

/** One release, as it lies in a source; whether compose ships it. */
type Double = Pick<Offered, 'name' | 'version' | 'source' | 'integrity' | 'at' | 'lineAt'> & {
  readonly isShipped: boolean
}

/** One release lies in two sources, of which the selection can name the first; or in one, and compose ships it too. */
export const twoReleases = (first: Double, second: Double): Problem => ({
  code: 'sources/two-releases',
  says: second.isShipped
    ? `${first.name} ${first.version} lies in a source of yours, and compose ships a ${first.name} ${first.version} too.`
    : `${first.name} ${first.version} lies in two sources.`,
  facts: [first, second].map(({ source, isShipped, at, lineAt }) => [
    `${isShipped ? 'compose itself, ' : ''}${source}/plugin.yaml:${at('version').line}`,
    lineAt('version'),
  ]),
  kept: 'Nothing was built.',
  fix: [
    `Say in the selection that you mean ${second.isShipped ? 'yours' : 'the first'}:`,
    `  plugins:`,
    `    ${first.name}: { ${first.integrity === undefined ? 'path' : 'archive'}: ${first.source} }`,
    second.isShipped
      ? 'or give yours another version, or take it away.'
      : 'or give one of them another version, or take it away.',
  ],
})

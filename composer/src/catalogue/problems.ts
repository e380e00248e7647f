import type { Problem } from '@bitcartcc/sdk/problem'

/** A file of a catalogue could not be fetched. */
export const catalogueUnreachable = (url: string, because: string): Problem => ({
  code: 'sources/catalogue-unreachable',
  says: `${url} cannot be fetched.`,
  because: [because],
  kept: 'Nothing was built.',
  fix: [
    'Look whether the address is right and the server is up, and try again.',
    'What was fetched before is enough for   compose build --offline',
  ],
})

/** Under --offline something is needed that was never fetched. */
export const notHere = (url: string): Problem => ({
  code: 'sources/not-here',
  says: `${url} was not fetched before, and --offline fetches nothing.`,
  kept: 'Nothing was built.',
  fix: ['Build once without --offline, with the same cache.'],
})

/** What a server gives is no catalogue, or says other things than its own index. */
export const notACatalogue = (url: string, because: string): Problem => ({
  code: 'sources/not-a-catalogue',
  says: `${url} is not what a catalogue holds there.`,
  because: [because],
  kept: 'Nothing was built.',
  fix: [
    'Look whether the address is the folder that holds index.json.',
    'If the catalogue is yours, write it again:   compose catalog FOLDER --out DIR',
  ],
})

/** A server gives other bytes than those that its own index names. */
export const otherContent = (url: string, named: string, found: string): Problem => ({
  code: 'sources/other-bytes',
  says: `${url} is not the file that its index names.`,
  facts: [
    ['its index', named],
    ['its bytes', found],
  ],
  kept: 'Nothing was unpacked, and nothing was built.',
  fix: [
    'Try again: it may have been cut on its way, or be in the middle of being replaced.',
    'If it stays so, tell the one who runs the server: somebody changed the file.',
  ],
})

/** There is nothing to write a catalogue of. */
export const noPlugins = (folder: string): Problem => ({
  code: 'sources/no-plugins',
  says: `There is no archive and no plugin folder in ${folder === '.' ? 'this folder' : folder}.`,
  kept: 'No catalogue was written.',
  fix: ['Name the folder that holds the archives.'],
})

/** One release is there twice, with other bytes. */
export const twoArchives = (name: string, version: string, places: readonly string[]): Problem => ({
  code: 'sources/two-archives',
  says: `${name} ${version} is there twice.`,
  facts: places.map((place) => [place, `${name} ${version}`]),
  kept: 'No catalogue was written.',
  fix: ['Take one of them away, or give one another version.'],
})

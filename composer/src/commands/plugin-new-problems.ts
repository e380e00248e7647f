import type { Problem } from '@bitcartcc/sdk/problem'

/** `compose plugin new` with a name that no plugin may have. */
export const notAPluginName = (name: string): Problem => ({
  code: 'sources/not-a-plugin-name',
  says:
    name === '' ? 'The plugin needs a name.' : `${JSON.stringify(name)} is no name of a plugin.`,
  kept: 'Nothing was written.',
  fix: [
    'Take words of small letters and digits with a - between them, at most 40 characters:   compose plugin new gift-cards',
  ],
})

/** `compose plugin new` into a folder that holds something. */
export const notEmpty = (folder: string): Problem => ({
  code: 'sources/folder-not-empty',
  says: `${folder} is there, and is not empty.`,
  kept: 'Nothing was written.',
  fix: ['Take another name, or another folder with --out.'],
})

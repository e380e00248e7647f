import type { Problem } from '@bitcartcc/sdk/problem'
import { isPluginName, nameFrom } from './names.ts'

/** A name that no plugin may have, given to `compose plugin new` or `compose add`. */
export const notAPluginName = (name: string, command: string): Problem => {
  const near = nameFrom(name, '')
  return {
    code: 'sources/not-a-plugin-name',
    says: `${JSON.stringify(name)} is no name of a plugin.`,
    kept: 'Nothing was written.',
    fix: [
      'Take words of small letters and digits with a - between them, at most 40 characters:',
      `  compose ${command} ${isPluginName(near) ? near : 'gift-cards'}`,
    ],
  }
}

/** `compose plugin new` into a folder that holds something. */
export const notEmpty = (folder: string): Problem => ({
  code: 'sources/folder-not-empty',
  says: `${folder} is there, and is not empty.`,
  kept: 'Nothing was written.',
  fix: ['Take another name, or another folder with --out.'],
})

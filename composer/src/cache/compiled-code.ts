import { ownFolders } from './own-folders.ts'

/**
 * Where Node keeps what it made of this composer's own code and of the libraries it stands on: half of the time of a build
 * with nothing changed goes there else.
 */
export const compiledCodeFolder: string = ownFolders('compiled-code').at(-1) ?? ''

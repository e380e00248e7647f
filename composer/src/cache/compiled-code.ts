import { join } from 'node:path'
import { composerFolder } from '../house.ts'

/**
 * Where Node keeps what it made of this composer's own code and of the libraries it stands on: half of the time of a build
 * with nothing changed goes there else. Beside that code, so that it belongs to whoever owns the code, and goes with it.
 */
export const compiledCodeFolder: string = join(
  composerFolder,
  'node_modules',
  '.cache',
  'compiled-code',
)

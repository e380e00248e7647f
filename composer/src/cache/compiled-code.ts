import { existsSync, mkdirSync } from 'node:fs'
import { ownFolders } from './own-folders.ts'

/**
 * Where Node keeps what it made of this composer's own code and of the libraries it stands on: half of the time of a build
 * with nothing changed goes there else.
 *
 * Undefined the first time: keeping it takes a tenth of a first build, and in a container or a run of CI no other follows.
 */
export const compiledCodeFolder: string | undefined = folderFromBefore()

/** Whether compose ran on this machine before: what only later runs gain from is made from then on. */
export const ranBefore = compiledCodeFolder !== undefined

function folderFromBefore(): string | undefined {
  const folder = ownFolders('compiled-code').at(-1) ?? ''
  if (existsSync(folder)) return folder
  try {
    mkdirSync(folder, { recursive: true })
  } catch {
    // It cannot be kept here; then the next time is a first time, too.
  }
  return undefined
}

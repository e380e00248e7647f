import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { composerFolder } from '../house.ts'
import { hashOf } from './hash.ts'

/** Beside this composer's own code, so that it belongs to whoever owns the code, and goes with it. */
const beside = join(composerFolder, 'node_modules', '.cache')

/** Where that code is somebody else's, as where root installed it: in the cache of whoever builds. */
function atHome(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  const caches =
    (process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME) ?? join(homedir(), '.cache')
  return join(caches, 'bitcartcc-compose', hashOf(composerFolder).slice(7, 23))
}

/** Folders for what follows from this composer's code alone: the first for reading, the last for writing; mostly one. */
export function ownFolders(name: string): readonly [string, ...string[]] {
  const first = join(beside, name)
  return mayWrite(first) ? [first] : [first, join(atHome(), name)]
}

/** A folder that is not there yet may be written where the one above it may. */
function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' // Node's file errors carry a code
    return isMissing && dirname(folder) !== folder && mayWrite(dirname(folder))
  }
}

import { join } from 'node:path'
import { openCache, readCache, type Cache } from './cache.ts'
import { ownFolders } from './own-folders.ts'

/** What was made when this composer was published; empty in the workspace. */
export const releasedCache = (): Pick<Cache, 'get'> =>
  readCache(join(import.meta.dirname, '..', 'released'))

/**
 * What follows from this composer and its core alone, whatever is selected: kept for every build on this machine.
 *
 * It may be that it cannot be written; then it is made anew each time.
 */
export function ownCache(): Cache {
  const [first, ...others] = ownFolders('made-once').map((folder) => openCache(folder, 200_000_000))
  if (!first) throw new Error('there is always a first folder')
  const last = others.at(-1) ?? first
  const released = releasedCache()
  return {
    folder: last.folder,
    get: (key) => released.get(key) ?? first.get(key) ?? others[0]?.get(key),
    put(key, files) {
      try {
        last.put(key, files)
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? '' // Node's file errors carry a code
        if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(code)) throw error
      }
    },
  }
}

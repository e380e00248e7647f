import { join } from 'node:path'
import { composerFolder } from '../house.ts'
import { openCache, type Cache } from './cache.ts'

/**
 * What follows from this composer and its core alone, whatever is selected: kept beside their code, for every build on this
 * machine. It belongs to whoever owns that code, so it may be that it cannot be written; then it is made anew each time.
 */
export function ownCache(): Cache {
  const cache = openCache(join(composerFolder, 'node_modules', '.cache', 'made-once'), 200_000_000)
  return {
    ...cache,
    put(key, files) {
      try {
        cache.put(key, files)
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? '' // Node's file errors carry a code
        if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(code)) throw error
      }
    },
  }
}

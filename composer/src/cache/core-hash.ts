import { readFileSync } from 'node:fs'
import { composerFolder, npmLockfile, roomFolder, rooms, templatesFolder } from '../house.ts'
import { hashOfFolder } from './folder-files.ts'
import { hashOf } from './hash.ts'

/** One hash over all that every build stands on: core, this composer, the templates, the npm packages' lockfile, Node. */
export function coreHash(): string {
  const lockfile = npmLockfile()
  return hashOf(
    process.version,
    ...rooms.flatMap((room) => [room, hashOfFolder(roomFolder(room))]),
    hashOfFolder(composerFolder),
    hashOfFolder(templatesFolder, (path) => path.endsWith('.hbs')),
    lockfile === undefined ? '' : readFileSync(lockfile),
  )
}

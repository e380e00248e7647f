import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { composerFolder, npmLockfile, roomFolder, rooms, templatesFolder } from '../house.ts'
import { hashOfFolder } from './folder-files.ts'
import { hashOf } from './hash.ts'

/** One hash over all that every build stands on: core, this composer, the templates, the npm packages' lockfile, Node. */
export function coreHash(): string {
  const lockfile = npmLockfile()
  return hashOf(
    process.version,
    coreSource(),
    ...rooms.flatMap((room) => [
      room,
      hashOfFolder(roomFolder(room), (path) => !path.startsWith('src/')),
    ]),
    hashOfFolder(composerFolder),
    hashOfFolder(templatesFolder, (path) => path.endsWith('.hbs')),
    lockfile === undefined ? '' : readFileSync(lockfile),
  )
}

/** Hash of core's source: the same in the workspace and in its npm packages, which carry it as it is. */
export const coreSource = (): string =>
  hashOf(...rooms.flatMap((room) => [room, hashOfFolder(join(roomFolder(room), 'src'))]))

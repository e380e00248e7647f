import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, extname, join, resolve, sep } from 'node:path'

/** The packages that core is made of, sorted. */
export const rooms = ['admin', 'api', 'domain', 'sdk', 'server', 'store', 'ui', 'worker'] as const
export type Room = (typeof rooms)[number]

/** This composer's own package. Absolute, as is all that this file gives. */
export const composerFolder: string = resolve(import.meta.dirname, '..')

/** A package of core: in this workspace, or where npm put it. */
export function roomFolder(room: Room): string {
  const found = foundRooms.get(room) ?? packageFolder(composerFolder, `@bitcartcc/${room}`)
  if (found === undefined) throw new Error(`@bitcartcc/${room} is not installed`)
  foundRooms.set(room, found)
  return found
}
const foundRooms = new Map<Room, string>()

/** The path of a file of core as it is in the workspace, `core/ui/src/index.ts`; undefined for any other. */
export function pathInCore(file: string): string | undefined {
  for (const room of rooms) {
    const folder = `${roomFolder(room)}${sep}`
    if (file.startsWith(folder) && !file.includes(`${sep}node_modules${sep}`, folder.length))
      return `core/${room}/${file.slice(folder.length).replaceAll(sep, '/')}`
  }
  return undefined
}

/** What stands beside the composer in its workspace, and beside its JavaScript in its package. */
const ownFolder = (name: string) => {
  const published = join(import.meta.dirname, name)
  return existsSync(published) ? published : join(dirname(composerFolder), name)
}

/** The plugins we ship. */
export const ownPlugins: string = ownFolder('plugins')
/** The text a distribution is dressed in. */
export const templatesFolder: string = ownFolder('dist-templates')

/** The node_modules out of which the composer and core's generated entries are served. */
export function modulesFolder(): string {
  const own = join(composerFolder, 'node_modules')
  return existsSync(join(own, '@bitcartcc/sdk')) ? own : dirname(dirname(composerFolder))
}

/** A program that lies beside a file: as source in the workspace, as JavaScript where it was published. */
export const programBeside = (file: string, name: string): string =>
  join(dirname(file), `${name}${extname(file)}`)

/** What pins the npm packages that composer and core stand on: the lockfile of whoever installed them. */
export function npmLockfile(): string | undefined {
  const names = [
    'pnpm-lock.yaml',
    'node_modules/.package-lock.json',
    'node_modules/.pnpm/lock.yaml',
  ]
  for (let folder = composerFolder; dirname(folder) !== folder; folder = dirname(folder))
    for (const name of names) if (existsSync(join(folder, name))) return join(folder, name)
  return undefined
}

/** Finds an installed package as Node does: in each node_modules from a folder upwards; links followed. */
export function packageFolder(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(found, 'package.json'))) return realpathSync(found)
    if (dirname(folder) === folder) return undefined
  }
}

/** Whether this is the house's own workspace, and not what npm or compose itself put together. */
export const isWorkspace = (): boolean => !roomFolder('sdk').split(sep).includes('node_modules')

/** The cores that this composer can build on, a range: those of the major version it was published with. */
export const coreRange = (): string => `^${coreVersion().split('.')[0] ?? ''}.0.0`

/** The version of core: all of its packages have the same. */
export const coreVersion = (): string => versionIn(roomFolder('sdk'))
/** The version of this composer. */
export const composeVersion = (): string => versionIn(composerFolder)

/** The version that a folder's package.json names. */
export function versionIn(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string
  } // npm's own format
  return version
}

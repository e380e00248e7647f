import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder, roomFolder, rooms, versionIn, type Room } from '../house.ts'
import type { Cache, Files } from './cache.ts'
import { coreSource } from './core-hash.ts'
import { releasedCache } from './own-cache.ts'

/** What something was made of. It serves wherever the same is installed. */
interface MadeOf {
  /** Hash of core's source. */
  readonly source: string
  readonly packages: readonly Installed[]
}

/** An npm package: the one that Node finds by its name from a package of core, or from another of these. */
interface Installed {
  /** A package of core, or a place in the list. */
  readonly from: Room | number
  readonly name: string
  readonly version: string
}

const ofRelease = 'made-of.json'

/**
 * Gives what was made of core when this composer was published.
 *
 * Undefined in the workspace, and where core or one of the npm packages that came in is another than it was then.
 */
export function released(
  key: string,
  cache: Pick<Cache, 'get'> = releasedCache(),
): Files | undefined {
  const entry = cache.get(key)
  const madeOf = entry?.get(ofRelease)
  if (!entry || !madeOf) return undefined
  const told = JSON.parse(Buffer.from(madeOf).toString('utf8')) as MadeOf // written by `release`
  if (!isInstalled(told)) return undefined
  return new Map([...entry].filter(([path]) => path !== ofRelease))
}

/** Keeps what was made of core, for the composer that is about to be published. `inputs`: the files that came in. */
export function release(key: string, files: Files, inputs: readonly string[], cache: Cache): void {
  const madeOf: MadeOf = { source: sourceOfHere(), packages: packagesOf(inputs) }
  cache.put(key, new Map([...files, [ofRelease, Buffer.from(JSON.stringify(madeOf))]]))
}

// What is installed stays as it is while a process runs.
let ofHere: string | undefined
const sourceOfHere = () => (ofHere ??= coreSource())

function isInstalled({ source, packages }: MadeOf): boolean {
  if (source !== sourceOfHere()) return false
  const folders: string[] = []
  return packages.every(({ from, name, version }) => {
    const importer = typeof from === 'number' ? folders[from] : roomFolder(from)
    const folder = importer === undefined ? undefined : packageFolder(importer, name)
    if (folder === undefined) return false
    folders.push(folder)
    return versionIn(folder) === version
  })
}

/** The npm packages that files lie in, each after the one that it is found from. */
function packagesOf(files: readonly string[]): readonly Installed[] {
  const found = new Map<string, { readonly from: string; readonly name: string }>()
  const starts = new Map(rooms.map((room) => [roomFolder(room), room]))
  const waiting = [...starts.keys()]
  for (const folder of waiting)
    for (const name of dependenciesOf(folder)) {
      const each = packageFolder(folder, name)
      if (each === undefined || starts.has(each) || found.has(each)) continue
      found.set(each, { from: folder, name })
      waiting.push(each)
    }
  const places = new Map<string, number>()
  const packages: Installed[] = []
  const add = (folder: string): Room | number => {
    const place = starts.get(folder) ?? places.get(folder)
    if (place !== undefined) return place
    const how = found.get(folder)
    if (!how) throw new Error(`no package of core leads to ${folder}`)
    packages.push({ from: add(how.from), name: how.name, version: versionIn(folder) })
    places.set(folder, packages.length - 1)
    return packages.length - 1
  }
  const folders = files.flatMap((file) => folderOf(file) ?? [])
  for (const folder of [...new Set(folders)].toSorted()) add(folder)
  return packages
}

function dependenciesOf(folder: string): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string> | undefined> // npm's own format
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).toSorted()
}

/** The npm package that a file lies in; undefined for core's own, and for what the bundler makes up. */
function folderOf(file: string): string | undefined {
  const [, modules, name] =
    /^([^\0].*[/\\]node_modules)[/\\]((?:@[^/\\]+[/\\])?[^/\\?]+)/.exec(file) ?? []
  return modules === undefined || name === undefined ? undefined : realpathSync(join(modules, name))
}

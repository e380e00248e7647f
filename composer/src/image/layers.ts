import { container } from '../model/container.ts'
import type { Entry, Tree } from './layer.ts'
import { fileOwners } from './owners.ts'

/** One layer before it is written. */
export interface NamedTree {
  /** `runtime`, `vendor`, `core`, the name of a plugin, `plugins`, or `distribution` for the one on top. */
  readonly name: string
  readonly tree: Tree
}

interface Laid {
  /** The files of the distribution that go into the image. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly plugins: readonly string[]
  /** Node, where the base has none of its own. */
  readonly runtime: Tree
  /** How many layers may still be added to the base; at least five. */
  readonly room: number
}

/**
 * Lays a distribution out in layers, what changes least at the bottom: runtime, vendor, core, each plugin, and on top what
 * joins them. No path is in two of them, and together they hold every file.
 *
 * Where there is no room for a layer a plugin, the smallest plugins share one.
 */
export function layersOf({ files, plugins, runtime, room }: Laid): readonly NamedTree[] {
  const owners = fileOwners(files, plugins)
  const byOwner = Map.groupBy(files, ([path]) => owners.get(path) ?? '')
  const sizeOf = (owner: string) =>
    (byOwner.get(owner) ?? []).reduce((sum, [, bytes]) => sum + bytes.length, 0)
  const having = plugins.filter((each) => byOwner.has(each))
  const bySize = having.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (a < b ? -1 : 1))
  const besides = 5 // runtime, vendor, core, plugins, distribution
  const own = new Set(having.length <= room - besides ? having : bySize.slice(0, room - besides))
  // A plugin may be named as one of our layers is.
  const layerOf = (path: string) => {
    const owner = owners.get(path)
    if (owner === undefined) return 'distribution'
    if (owner === 'vendor' || owner === 'core') return owner
    return own.has(owner) ? `plugin ${owner}` : 'plugins'
  }
  const byLayer = Map.groupBy(files, ([path]) => layerOf(path))
  const ground: Tree = new Map<string, Entry>([
    ...runtime,
    [container.folder.slice(1), { folderOf: 0 }],
    [container.dataFolder.slice(1), { folderOf: container.user }],
  ])
  const ofPlugins = [...own].toSorted().map((name) => `plugin ${name}`)
  return [
    { name: 'runtime', tree: ground },
    ...['vendor', 'core', ...ofPlugins, 'plugins', 'distribution'].flatMap((layer) => {
      const found = byLayer.get(layer)
      return found ? [{ name: layer.replace('plugin ', ''), tree: inFolder(found) }] : []
    }),
  ]
}

const inFolder = (files: readonly (readonly [string, Uint8Array])[]): Tree =>
  new Map(files.map(([path, bytes]) => [`${container.folder.slice(1)}/${path}`, { bytes }]))

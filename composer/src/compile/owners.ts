import { sep } from 'node:path'
import type { Paths } from '../cache/paths.ts'
import { pathInCore } from '../house.ts'

/** Who a module belongs to: `vendor`, `core`, or the name of one plugin; undefined for the entries that join them. */
export type Owner = string | undefined

interface ModuleGraph {
  getModuleInfo(
    id: string,
  ): { readonly importers: readonly string[]; readonly dynamicImporters: readonly string[] } | null
}

/**
 * Tells the owner of every module, so that each chunk has exactly one.
 *
 * A package that only plugins import has a chunk of its own name, `vendor-csv-parse`: it never changes with core's.
 */
export function ownersOf(paths: Paths): (id: string, graph: ModuleGraph) => Owner {
  const plugins = `${paths.work}${sep}plugins${sep}`
  const isOfCore = new Map<string, boolean>()
  const reachesCore = (id: string, graph: ModuleGraph, seen: Set<string>): boolean => {
    const known = isOfCore.get(id)
    if (known !== undefined) return known
    if (seen.has(id)) return false
    seen.add(id)
    const info = graph.getModuleInfo(id)
    const importers = [...(info?.importers ?? []), ...(info?.dynamicImporters ?? [])]
    const found = importers.some(
      (each) =>
        isCoreFile(each) ||
        isKeep(each) ||
        (each.includes('node_modules') && reachesCore(each, graph, seen)),
    )
    // A "no" that met a circle on its way may be wrong for the modules inside of it.
    if (found || seen.size === 1) isOfCore.set(id, found)
    return found
  }
  const isCoreFile = (id: string) => pathInCore(plainId(id)) !== undefined
  const isKeep = (id: string) => plainId(id).startsWith(`${paths.work}${sep}keep${sep}`)
  return (id, graph) => {
    const path = plainId(id)
    // Loaded only where there is no DATABASE_URL.
    if (path.includes(`${sep}@electric-sql${sep}`)) return 'vendor-pglite'
    // Of core only this imports the chunk above; in the common chunk it would have it loaded always.
    const ofCore = pathInCore(path)
    // Texts in one language are loaded where that one is shown: each file is a chunk.
    if (ofCore !== undefined && isLocale(ofCore)) return undefined
    if (ofCore === 'core/domain/src/embedded.ts') return 'core-embedded'
    // For authors of plugins: nobody else loads it.
    if (ofCore?.startsWith('core/ui/src/slot/outline/')) return 'core-slots'
    if (ofCore !== undefined) return 'core'
    if (path.includes(`${sep}node_modules${sep}`))
      return reachesCore(id, graph, new Set()) ? 'vendor' : `vendor-${packageOf(path)}`
    if (path.startsWith(plugins)) return path.slice(plugins.length).split(sep)[0]
    // Helpers of the bundler and of Vue's compiler belong with what everybody loads.
    return path.startsWith(paths.work) ? undefined : 'vendor'
  }
}

const isLocale = (path: string) => /\/locales\/[^/]+\.json$/.test(path)

const plainId = (id: string) => id.replace(/^\0/, '').split('?')[0] ?? id

function packageOf(path: string): string {
  const [first = '', second = ''] = (path.split(`${sep}node_modules${sep}`).at(-1) ?? '').split(sep)
  return (first.startsWith('@') ? `${first.slice(1)}-${second}` : first).replaceAll(
    /[^A-Za-z0-9-]/g,
    '-',
  )
}

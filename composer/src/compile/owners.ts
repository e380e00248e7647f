import { sep } from 'node:path'
import type { Paths } from '../cache/paths.ts'
import { pathInCore } from '../house.ts'
import { doorOwner } from './from-core.ts'

/** Who a module belongs to: `vendor`, `core`, or the name of one plugin; undefined for what joins them. */
export type OwnerOf = (id: string) => string | undefined

/** Tells the owner of every module of core's own build, so that each chunk has exactly one. */
export const ownerInCore: OwnerOf = (id) => {
  const path = plainId(id)
  // Loaded only where there is no DATABASE_URL.
  if (path.includes(`${sep}@electric-sql${sep}`)) return 'vendor-pglite'
  const ofCore = pathInCore(path)
  // Texts in one language are loaded where that one is shown: each file is a chunk.
  if (ofCore !== undefined && isLocale(ofCore)) return undefined
  // Loaded only by a backup and a restore.
  if (path.includes(`${sep}modern-tar${sep}`)) return 'vendor-modern-tar'
  // Of core only these import PGlite; in the common chunk they would have it loaded always.
  if (/^core\/domain\/src\/(embedded|embedded-connection|pglite)\.ts$/.test(ofCore ?? ''))
    return 'core-embedded'
  // Runs before the common chunk is loaded.
  if (ofCore !== undefined && first.has(ofCore)) return 'core-first'
  // For authors of plugins: nobody else loads it.
  if (ofCore?.startsWith('core/ui/src/slot/outline/')) return 'core-slots'
  if (ofCore !== undefined) return 'core'
  // Helpers of the bundler and of Vue's compiler belong with what everybody loads.
  return path.startsWith('door/') ? undefined : 'vendor'
}

/**
 * Tells the owner of every module of plugins, what joins them to core aside.
 *
 * A package that a plugin brings has a chunk of its own name, `vendor-csv-parse`.
 */
export function ownerAmongPlugins(paths: Paths): OwnerOf {
  const plugins = `${paths.work}${sep}plugins${sep}`
  return (id) => {
    const ofDoor = doorOwner(id)
    if (ofDoor !== undefined) return ofDoor === '' ? undefined : ofDoor
    const path = plainId(id)
    // No door leads there, but nothing forbids it.
    if (pathInCore(path) !== undefined) return 'core'
    if (path.includes(`${sep}node_modules${sep}`)) return `vendor-${packageOf(path)}`
    if (path.startsWith(plugins)) return path.slice(plugins.length).split(sep)[0]
    if (path.startsWith(paths.work)) return undefined
    return path === 'rolldown/runtime.js' ? 'rolldown-runtime' : 'vendor-helpers'
  }
}

/** `begin.ts`, and all that it imports. */
const first = new Set([
  ...['begin', 'compiled-code', 'data-dir', 'older-node'].map((it) => `core/server/src/${it}.ts`),
  'core/sdk/src/problem.ts',
])

const isLocale = (path: string) => /\/locales\/[^/]+\.json$/.test(path)

const plainId = (id: string) => id.replace(/^\0/, '').split('?')[0] ?? id

function packageOf(path: string): string {
  const [first = '', second = ''] = (path.split(`${sep}node_modules${sep}`).at(-1) ?? '').split(sep)
  return (first.startsWith('@') ? `${first.slice(1)}-${second}` : first).replaceAll(
    /[^A-Za-z0-9-]/g,
    '-',
  )
}

import { posix } from 'node:path'
import type { Plugin } from 'vite'
import type { Surface } from '../model/bundles.ts'
import { reached, type CoreBundle, type CoreMap } from './core-map.ts'
import { beginningWith, exactly } from './hook-filter.ts'

/** The bundles of core, as far as a build has them. */
export type Cores = ReadonlyMap<string, CoreBundle>

/** Stands for core's file in what is bundled, until it is known from where it is imported. */
const mark = 'compose-core:'
const marked = new RegExp(`${mark}([\\w@./-]+)`, 'g')

// Each owner has its own: the bundler has a name that is imported through a module of another chunk come from there.
const prefix = '\0core/'

/** Whose import of core a module stands for; empty for what joins plugins to core, undefined for any other module. */
export const doorOwner = (id: string): string | undefined =>
  id.startsWith(prefix) ? id.slice(prefix.length).split('/', 1)[0] : undefined

/**
 * Has imports of core lead to what was compiled of it before.
 *
 * `used` learns which files of core each surface came to import.
 */
export function fromCore(
  cores: Cores,
  ownerOf: (id: string) => string | undefined,
  used: Map<Surface, Set<string>>,
): Plugin {
  const doorsOf = (surface: string) => cores.get(surface)?.map.doors ?? {}
  const allDoors = new Set([...cores.keys()].flatMap((surface) => Object.keys(doorsOf(surface))))
  return {
    name: 'compose:from-core',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => cores.has(name),
    resolveId: {
      filter: { id: [beginningWith(mark), exactly(allDoors)] },
      handler(source, importer = '') {
        if (source.startsWith(mark)) return { id: source, external: true, moduleSideEffects: false }
        if (!(source in doorsOf(this.environment.name))) return undefined
        const id = `${prefix}${ownerOf(importer) ?? ''}/${source.replace('\0', '')}`
        return { id, moduleSideEffects: false }
      },
    },
    load: {
      filter: { id: beginningWith(prefix) },
      handler(id) {
        const plain = id.slice(id.indexOf('/', prefix.length) + 1)
        const doors = doorsOf(this.environment.name)
        return reexports(doors[plain] ?? doors[`\0${plain}`] ?? {})
      },
    },
    renderChunk(code, chunk) {
      const surface = this.environment.name as Surface // applied to no other
      const mine = used.get(surface) ?? new Set()
      for (const file of chunk.imports.concat(chunk.dynamicImports))
        if (file.startsWith(mark)) mine.add(file.slice(mark.length))
      used.set(surface, mine)
      return code.includes(mark)
        ? code.replaceAll(marked, (_, file: string) => pathFrom(chunk.fileName, file))
        : undefined
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_, { path }) => {
        const surface = path.split('/').find((part) => cores.has(part))
        const map = surface === undefined ? undefined : cores.get(surface)?.map
        return map && headOf(map, `@bitcartcc/${surface}`)
      },
    },
  }
}

function pathFrom(importer: string, file: string): string {
  const path = posix.relative(posix.dirname(importer), file)
  return path.startsWith('.') ? path : `./${path}`
}

function reexports(names: CoreMap['doors'][string]): string {
  return Object.entries(names)
    .map(
      ([name, [file, there]]) =>
        `export { ${there} as ${name} } from ${JSON.stringify(mark + file)}\n`,
    )
    .join('')
}

/** What a page of an app loads before its own code asks for it. */
function headOf(map: CoreMap, door: string) {
  const first = Object.values(map.doors[door] ?? {}).map(([file]) => file)
  const files = reached(map, first, ({ static: imported }) => imported)
  const css = files.flatMap((file) => map.imports[file]?.css ?? [])
  const link = (rel: string, file: string) => ({
    tag: 'link',
    attrs: { rel, crossorigin: true, href: `/${file}` },
    injectTo: 'head' as const,
  })
  return [
    ...files.map((file) => link('modulepreload', file)),
    ...[...new Set(css)].map((file) => link('stylesheet', file)),
  ]
}

import { basename, dirname, join } from 'node:path'
import { createBuilder, parseAst, type Plugin, type Rolldown } from 'vite'
import type { Cache, Files } from '../cache/cache.ts'
import { ownCache } from '../cache/own-cache.ts'
import { release, released } from '../cache/released.ts'
import { composerFolder, modulesFolder } from '../house.ts'
import type { Surface } from '../model/bundles.ts'
import type { CoreBundle, CoreMap, Imports } from './core-map.ts'
import { doorsOf, doorText } from './doors.ts'
import { exactly } from './hook-filter.ts'
import { coreOptions, stablePath } from './vite-options.ts'
import { vueCompiler } from './vue-compiler.ts'

/** Gives core for a surface: as it was released, as it was compiled on this machine before, else compiled now. */
export async function coreBundle(surface: Surface, coreHash: string): Promise<CoreBundle> {
  const cache = ownCache()
  const key = `core-${surface}-${coreHash.slice(7)}`
  const known = released(releaseKey(surface)) ?? cache.get(key)
  const map = known?.get(ofMap)
  if (known && map) {
    const files = new Map([...known].filter(([path]) => path !== ofMap))
    return { files, map: JSON.parse(Buffer.from(map).toString('utf8')) as CoreMap } // written below
  }
  const { bundle } = await compileCore(surface)
  cache.put(key, filesOf(bundle))
  return bundle
}

/** Compiles core for the composer that is about to be published. */
export async function releaseCore(surface: Surface, cache: Cache) {
  const { bundle, inputs } = await compileCore(surface)
  release(releaseKey(surface), filesOf(bundle), inputs, cache)
}

const ofMap = 'map.json'
const releaseKey = (surface: Surface) => `core-${surface}`
const filesOf = ({ files, map }: CoreBundle): Files =>
  new Map([...files, [ofMap, Buffer.from(JSON.stringify(map))]])

/** One for both apps: it keeps what it made of the kit's components. */
const vue = vueCompiler((file) => stablePath(composerFolder, file))

/** `inputs`: the files that came in, and modules that the bundler made up. */
async function compileCore(
  surface: Surface,
): Promise<{ readonly bundle: CoreBundle; readonly inputs: readonly string[] }> {
  const doors = doorsOf(surface)
  const entries = Object.fromEntries(doors.map((door, at) => [`door-${at}`, entryOf(door)]))
  const builder = await createBuilder(
    coreOptions(surface, entries, [vue.plugin, doorsPlugin(doors)]),
  )
  const environment = builder.environments[surface]
  if (!environment) throw new Error(`the bundler does not know ${surface}`)
  const { output } = (await builder.build(environment)) as Rolldown.RolldownOutput // one output, not watched
  const chunks = output.filter((each) => each.type === 'chunk')
  const opened = doors.map((door) => {
    const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId === entryOf(door))
    if (!chunk) throw new Error(`core's build has no entry for ${door}`)
    return [door, { chunk, names: namesOf(chunk, door) }] as const
  })
  const facades = new Set(opened.map(([, { chunk }]) => chunk.fileName))
  const kept = output.filter(({ fileName }) => !facades.has(fileName))
  const bundle: CoreBundle = {
    files: new Map(
      kept
        .map((each) => [each.fileName, bytesOf(each)] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
    map: {
      doors: Object.fromEntries(opened.map(([door, { names }]) => [door, names])),
      imports: Object.fromEntries(
        chunks
          .filter(({ fileName }) => !facades.has(fileName))
          .map((chunk) => [chunk.fileName, importsOf(chunk)]),
      ),
    },
  }
  const inputs = output.flatMap((each) =>
    each.type === 'chunk'
      ? each.moduleIds
      : each.originalFileNames.map((file) => join(composerFolder, file)),
  )
  return { bundle, inputs }
}

const bytesOf = (each: Rolldown.OutputChunk | Rolldown.OutputAsset) =>
  Buffer.from(each.type === 'chunk' ? each.code : each.source)

function importsOf(chunk: Rolldown.OutputChunk): Imports {
  const isChunk = (file: string) => file.endsWith('.js')
  return {
    static: chunk.imports.filter(isChunk),
    lazy: chunk.dynamicImports.filter(isChunk),
    css: [...(chunk.viteMetadata?.importedCss ?? [])],
  }
}

/** Reads off an entry, which holds imports and exports alone, where each name comes from. */
function namesOf(chunk: Rolldown.OutputChunk, door: string): Record<string, [string, string]> {
  const files = new Map(chunk.imports.map((file) => [basename(file), file]))
  const fileOf = (source: string) => {
    const file = files.get(basename(source))
    if (file === undefined) throw new Error(`${door}: ${source} is no file of core's build`)
    return file
  }
  const locals = new Map<string, [string, string]>()
  const names: Record<string, [string, string]> = {}
  for (const node of parseAst(chunk.code).body) {
    if (node.type === 'ImportDeclaration')
      for (const each of node.specifiers) {
        if (each.type !== 'ImportSpecifier') throw new Error(`${door}: an import of a whole file`)
        locals.set(each.local.name, [fileOf(node.source.value), nameOf(each.imported)])
      }
    else if (node.type === 'ExportNamedDeclaration' && !node.declaration)
      for (const each of node.specifiers) {
        const local = nameOf(each.local)
        const found = node.source
          ? ([fileOf(node.source.value), local] as const)
          : locals.get(local)
        if (!found) throw new Error(`${door}: ${local} is made in the entry itself`)
        names[nameOf(each.exported)] = [...found]
      }
    else throw new Error(`${door}: the entry holds code of its own`)
  }
  return names
}

const nameOf = (each: {
  readonly type: string
  readonly name?: string
  readonly value?: unknown
}) => each.name ?? String(each.value)

const entryOf = (door: string) => `\0door/${door.replace('\0', '')}`

/** Makes each door an entry, which imports as a file beside the composer's packages would. */
function doorsPlugin(doors: readonly string[]): Plugin {
  const texts = new Map(doors.map((door) => [entryOf(door), doorText(door)]))
  const beside = join(dirname(modulesFolder()), 'door.ts')
  return {
    name: 'compose:doors',
    enforce: 'pre',
    resolveId: {
      filter: { id: exactly([...texts.keys(), ...doors]) },
      handler(source, importer) {
        if (texts.has(source)) return source
        return importer !== undefined && texts.has(importer)
          ? this.resolve(source, beside, { skipSelf: true })
          : undefined
      },
    },
    load: { filter: { id: exactly(texts.keys()) }, handler: (id) => texts.get(id) },
  }
}

import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Cache, Files } from '../cache/cache.ts'
import { ownCache } from '../cache/own-cache.ts'
import { filesBelow } from '../cache/folder-files.ts'
import { hashOf } from '../cache/hash.ts'
import type { Paths } from '../cache/paths.ts'
import { release, released } from '../cache/released.ts'
import { roomFolder } from '../house.ts'
import type { Plan } from '../model/plan.ts'

/**
 * Writes each component of the plugins and of core's kit as TypeScript under `types/` of the work folder.
 *
 * `types/plugins/ratings/store/StarRating.vue.ts` stands for `plugins/ratings/store/StarRating.vue`: the two trees are one
 * for the compiler (`rootDirs`), so that it finds a component where the import says.
 */
export async function writeVueTypes(
  plan: Plan,
  paths: Paths,
  cache: Cache,
  coreHash: string,
): Promise<void> {
  const types = join(paths.work, 'types')
  write(await kitTypes(coreHash), join(types, 'ui/src'))
  link(join(roomFolder('ui'), 'node_modules'), join(types, 'ui/node_modules'))
  for (const { release: plugin } of plan.plugins) {
    const staged = join(paths.work, 'plugins', plugin.name)
    const target = join(types, 'plugins', plugin.name)
    const made = await typesOf(componentsIn(staged), (name, source) =>
      codeOnce(name, source, cache, coreHash),
    )
    write(made, target)
    link(join(staged, 'node_modules'), join(target, 'node_modules'))
  }
}

/** Core's components change with core alone. */
async function kitTypes(coreHash: string): Promise<Files> {
  const cache = ownCache()
  const key = `${ofKit}-${coreHash.slice(7)}`
  const known = released(ofKit) ?? cache.get(key)
  if (known) return known
  const made = await makeKitTypes()
  cache.put(key, made)
  return made
}

/** Makes them for the composer that is about to be published. */
export async function releaseKitTypes(cache: Cache): Promise<void> {
  release(ofKit, await makeKitTypes(), [], cache)
}

const ofKit = 'kit-types'
const makeKitTypes = () =>
  typesOf(componentsIn(join(roomFolder('ui'), 'src')), async (name, source) => {
    const files = await codeOf(name, source)
    return new Map([...files].map(([ending, text]) => [ending, unchecked(ending, text)]))
  })

/** Of the kit a plugin sees what it takes and gives; whether its templates are right is core's own check. */
const unchecked = (ending: string, text: Uint8Array) =>
  ending.endsWith('.map') ? text : Buffer.concat([Buffer.from('// @ts-nocheck\n'), text])

/** Path from the folder → text. */
type Components = ReadonlyMap<string, string>

function componentsIn(folder: string): Components {
  const found = filesBelow(folder).filter((path) => path.endsWith('.vue'))
  return new Map(found.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

/** `form/AppButton.vue.ts` and `.vue.ts.map` of each. */
async function typesOf(
  components: Components,
  code: (name: string, source: string) => Promise<Files>,
): Promise<Files> {
  const files = new Map<string, Uint8Array>()
  for (const [path, source] of components)
    for (const [ending, text] of await code(basename(path), source)) files.set(path + ending, text)
  return files
}

function write(files: Files, target: string): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    writeFileSync(join(target, path), text)
  }
}

/** Most builds change one component or none, and loading what makes its code takes as long as ten. */
async function codeOnce(
  name: string,
  source: string,
  cache: Cache,
  coreHash: string,
): Promise<Files> {
  const key = `vue-types-${hashOf(coreHash, name, source).slice(7)}`
  const known = cache.get(key)
  if (known) return known
  const files = await codeOf(name, source)
  cache.put(key, files)
  return files
}

/** `.ts` and `.ts.map` of one component. */
async function codeOf(name: string, source: string): Promise<Files> {
  const { vueCode } = await import('./vue-code.ts')
  const { text, extension, map } = vueCode(name, source)
  return new Map([
    [`.${extension}`, Buffer.from(text)],
    [`.${extension}.map`, Buffer.from(JSON.stringify(map))],
  ])
}

function link(from: string, to: string): void {
  if (!existsSync(from)) return
  mkdirSync(dirname(to), { recursive: true })
  if (!existsSync(to)) symlinkSync(from, to)
}

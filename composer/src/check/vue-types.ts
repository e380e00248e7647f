import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Cache, Files } from '../cache/cache.ts'
import { ownCache } from '../cache/own-cache.ts'
import { filesBelow } from '../cache/folder-files.ts'
import { hashOf } from '../cache/hash.ts'
import type { Paths } from '../cache/paths.ts'
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
  const kit = roomFolder('ui')
  await write(
    componentsIn(join(kit, 'src')),
    join(types, 'ui/src'),
    { cache: ownCache(), coreHash },
    unchecked,
  )
  link(join(kit, 'node_modules'), join(types, 'ui/node_modules'))
  for (const { release } of plan.plugins) {
    const staged = join(paths.work, 'plugins', release.name)
    await write(componentsIn(staged), join(types, 'plugins', release.name), { cache, coreHash })
    link(join(staged, 'node_modules'), join(types, 'plugins', release.name, 'node_modules'))
  }
}

/** Of the kit a plugin sees what it takes and gives; whether its templates are right is core's own check. */
const unchecked = '// @ts-nocheck\n'

/** Path from the folder → text. */
type Components = ReadonlyMap<string, string>

function componentsIn(folder: string): Components {
  const found = filesBelow(folder).filter((path) => path.endsWith('.vue'))
  return new Map(found.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

async function write(
  components: Components,
  target: string,
  { cache, coreHash }: { readonly cache: Cache; readonly coreHash: string },
  head = '',
): Promise<void> {
  for (const [path, source] of components) {
    const files = await codeOf(basename(path), source, cache, coreHash)
    mkdirSync(dirname(join(target, path)), { recursive: true })
    for (const [ending, text] of files)
      writeFileSync(
        join(target, `${path}${ending}`),
        ending.endsWith('.map') ? text : Buffer.concat([Buffer.from(head), text]),
      )
  }
}

/** `.ts` and `.ts.map` of one component: most builds change none or one, and loading what makes them takes as long as ten. */
async function codeOf(
  name: string,
  source: string,
  cache: Cache,
  coreHash: string,
): Promise<Files> {
  const key = `vue-types-${hashOf(coreHash, name, source).slice(7)}`
  const known = cache.get(key)
  if (known) return known
  const { vueCode } = await import('./vue-code.ts')
  const { text, extension, map } = vueCode(name, source)
  const files = new Map([
    [`.${extension}`, Buffer.from(text)],
    [`.${extension}.map`, Buffer.from(JSON.stringify(map))],
  ])
  cache.put(key, files)
  return files
}

function link(from: string, to: string): void {
  if (!existsSync(from)) return
  mkdirSync(dirname(to), { recursive: true })
  if (!existsSync(to)) symlinkSync(from, to)
}

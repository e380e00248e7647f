import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Cache } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import type { Paths } from '../cache/paths.ts'
import { ownPlugins } from '../house.ts'
import type { GeneratedTree } from '../model/generated-tree.ts'
import type { Plan } from '../model/plan.ts'
import { hasServerCode, othersOf, pluginGen, writePluginGen } from '../types/plugin-gen.ts'
import type { Catalog } from '../types/tables.ts'
import type { Rehearsed } from './rehearse.ts'
import { checkTypes } from './types.ts'

export interface CheckInput {
  readonly plan: Plan
  readonly tree: GeneratedTree
  readonly paths: Paths
  readonly cache: Cache
  readonly coreHash: string
  /** The rehearsal of its migrations, while it runs. */
  readonly rehearsing: Promise<Rehearsed>
}

export interface Checked extends Rehearsed {
  /** Plugins whose `plugin.gen.ts` was written anew. */
  readonly refreshed: readonly string[]
}

export { rehearse } from './rehearse.ts'

/**
 * Type-checks the composition while its migrations are rehearsed; refuses with what both found.
 *
 * Expects the staged tree. Types of tables come from the rehearsal, so a plugin whose tables changed is checked again.
 */
export async function check(input: CheckInput): Promise<Checked> {
  const staged = knownTypes(input)
  const isComplete = [...staged.values()].every((text) => text !== undefined)
  const first = isComplete ? settled(typesOnce(input, staged)) : undefined
  const rehearsal = await settled(input.rehearsing)
  if (!rehearsal.isFine) {
    const types = await first
    throw together([rehearsal.error, types && !types.isFine ? types.error : undefined])
  }
  const { value: rehearsed } = rehearsal
  const texts = typesOf(input, rehearsed.catalog)
  const isSame = [...texts].every(([name, text]) => staged.get(name) === text)
  const before = await first
  // No check may be reading them.
  const refreshed = write(input, texts)
  const types = isSame && before ? before : await settled(typesOnce(input, texts))
  if (!types.isFine) throw types.error
  return { ...rehearsed, isAsBefore: rehearsed.isAsBefore && types.value, refreshed }
}

type GenTexts = ReadonlyMap<string, string | undefined>

/** Runs the type check unless the same files passed it before; says whether they had. */
async function typesOnce(input: CheckInput, gens: GenTexts): Promise<boolean> {
  const { plan, tree, cache, coreHash } = input
  const key = `types-${hashOf(
    coreHash,
    ...[...tree].filter(([path]) => path.startsWith('wiring/')).flat(),
    ...plan.plugins.flatMap(({ release, files, modules = '' }) => [
      release.name,
      // Named after what was locked.
      basename(dirname(dirname(dirname(modules)))),
      ...[...files].flat(),
    ]),
    ...[...gens].flatMap(([name, text]) => [name, text ?? '']),
  ).slice(7)}`
  if (cache.get(key)) return true
  await checkTypes(input)
  cache.put(key, new Map([['passed', Buffer.from('yes')]]))
  return false
}

/** Each plugin with server code → its `plugin.gen.ts` as it came; undefined where it came without. */
function knownTypes({ plan }: CheckInput): GenTexts {
  return new Map(
    plan.plugins
      .filter(({ release }) => hasServerCode(release.manifest))
      .map(({ release }) => {
        const file = join(release.folder, 'plugin.gen.ts')
        return [release.name, existsSync(file) ? readFileSync(file, 'utf8') : undefined] as const
      }),
  )
}

/** The same, as the rehearsed tables say that it should be. */
function typesOf({ plan }: CheckInput, catalog: Catalog): ReadonlyMap<string, string> {
  const others = othersOf(plan.plugins.map(({ release }) => release.manifest))
  return new Map(
    plan.plugins
      .filter(({ release }) => hasServerCode(release.manifest))
      .map(({ release }) => [release.name, pluginGen(release.manifest, others, catalog)]),
  )
}

/** Writes the types where they are checked, and where their author works; gives the plugins whose author gets new ones. */
function write({ plan, paths }: CheckInput, texts: ReadonlyMap<string, string>): readonly string[] {
  const refreshed: string[] = []
  for (const { release } of plan.plugins) {
    const text = texts.get(release.name)
    if (text === undefined) continue
    const file = join(paths.work, 'plugins', release.name, 'plugin.gen.ts')
    // By rename: the bundler may be reading it.
    writeFileSync(`${file}.part`, text)
    renameSync(`${file}.part`, file)
    if (isWorkedOn(release.folder) && writePluginGen(release, text)) refreshed.push(release.name)
  }
  return refreshed
}

/** An author works there: the file is there already, or the folder is this workspace's own. */
const isWorkedOn = (folder: string) =>
  existsSync(join(folder, 'plugin.gen.ts')) || dirname(folder) === ownPlugins

type Settled<T> =
  | { readonly isFine: true; readonly value: T }
  | { readonly isFine: false; readonly error: unknown }

const settled = <T>(promise: Promise<T>): Promise<Settled<T>> =>
  promise.then(
    (value) => ({ isFine: true, value }),
    (error: unknown) => ({ isFine: false, error }),
  )

function together(errors: readonly unknown[]): unknown {
  const bug = errors.find((error) => error !== undefined && !(error instanceof Refused))
  if (bug !== undefined) return bug
  const problems: readonly Problem[] = errors.flatMap((error) =>
    error instanceof Refused ? error.problems : [],
  )
  return new Refused(problems)
}

import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { openCache } from './cache/cache.ts'
import { coreHash } from './cache/core-hash.ts'
import { pathsOf, type Paths } from './cache/paths.ts'
import { planSelection, type BuildOptions } from './pipeline.ts'
import { stagesOf } from './run-stages.ts'
import { counted } from './views/shown.ts'

// The parts of the stair that an author climbs for one plugin; the whole of it is in pipeline.ts.

/**
 * Writes the `plugin.gen.ts` of one plugin of a selection: selection ▶ sources ▶ resolve ▶ lock, and of plan and check the
 * migrations alone, so that a plugin gets its types before the rest of it stands.
 */
export async function typesOfPlugin(
  file: string,
  name: string,
  options: BuildOptions = {},
): Promise<{ readonly isNew: boolean }> {
  const [{ readSelection }, { readCatalog }, { resolve }, { pin }, plan, { rehearse }, types] =
    await Promise.all([
      import('./selection/index.ts'),
      import('./sources/index.ts'),
      import('./resolve/index.ts'),
      import('./lock/index.ts'),
      import('./plan/migrations.ts'),
      import('./check/rehearse.ts'),
      import('./types/plugin-gen.ts'),
    ])
  const selection = await readSelection(file)
  const { out, cache } = pathsOf('types', {
    cwd: options.cwd ?? process.cwd(),
    cacheDir: options.cacheDir,
  })
  const fetching = { cacheDir: cache, isOffline: options.isOffline ?? false }
  const resolution = resolve(selection, await readCatalog(selection, fetching))
  const locked = await pin(selection, resolution, { isFrozen: false, out, ...fetching })
  const { migrations, samples, problems } = await plan.planMigrations(selection, locked)
  if (problems.length > 0) throw new Refused(problems)
  const { plugins } = locked
  const { catalog } = await rehearse(
    { core: locked.lock.core.version, migrations, samples, plugins },
    undefined,
    openCache(cache),
  )
  const release = plugins.find((each) => each.release.name === name)?.release
  if (!release) throw new Error(`${name} is not in its own selection`)
  const others = types.othersOf(plugins.map((each) => each.release.manifest))
  return {
    isNew: types.writePluginGen(release, types.pluginGen(release.manifest, others, catalog)),
  }
}

export interface CheckedPlugin {
  readonly steps: number
  /** The plugin as it is compiled, with its npm packages and its types. */
  readonly folder: string
  readonly native: readonly string[]
}

/** Plans and checks a selection, for the sake of one plugin of it: everything up to `compile`. */
export async function checkPlugin(
  file: string,
  name: string,
  options: BuildOptions = {},
): Promise<CheckedPlugin> {
  const { plan } = await planSelection(file, options)
  const cwd = options.cwd ?? process.cwd()
  const paths: Paths = pathsOf(plan.name, { cwd, out: options.out, cacheDir: options.cacheDir })
  const cache = openCache(paths.cache)
  const core = coreHash()
  const [{ generate }, { stageFiles }, { check, rehearse }] = await Promise.all([
    import('./generate/index.ts'),
    import('./compile/stage-files.ts'),
    import('./check/index.ts'),
  ])
  const tree = await generate({ plan, cache, coreHash: core })
  stageFiles(plan, tree, paths)
  const stage = stagesOf(options)
  const { steps } = await stage(
    'check',
    () =>
      check({
        plan,
        tree,
        paths,
        cache,
        coreHash: core,
        rehearsing: rehearse(plan, undefined, cache),
      }),
    (it) => `types fit; ${counted(it.steps, 'migration')} ran from empty`,
  )
  const native = plan.plugins.find(({ release }) => release.name === name)?.native ?? []
  return { steps, folder: join(paths.work, 'plugins', name), native }
}

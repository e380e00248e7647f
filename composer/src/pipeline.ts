import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Refused } from '@bitcartcc/sdk/problem'
import { openCache } from './cache/cache.ts'
import { hashOf } from './cache/hash.ts'
import { pathsOf, type Paths } from './cache/paths.ts'
import { remember, see, seeSources, unchanged, type Seen } from './fast-path.ts'
import type { Upgraded } from './check/rehearse.ts'
import { withRoom } from './place/disk-problems.ts'
import type { Surface } from './model/bundles.ts'
import type { Plan } from './model/plan.ts'
import type { Lock } from './model/lock.ts'
import type { Catalog, Resolution } from './model/release.ts'
import type { Selection } from './model/selection.ts'
import { begun, stagesOf, type Stage } from './run-stages.ts'
import type { StageEvent } from './stages.ts'
import { counted } from './views/shown.ts'

export interface BuildOptions {
  /** Where `dist/` and `.compose/` stand. Default: the current folder. */
  readonly cwd?: string | undefined
  /** Default: `dist`. */
  readonly out?: string | undefined
  /** Default: `.compose/cache`. */
  readonly cacheDir?: string | undefined
  /** Refuse any change of the lock. Default: false. */
  readonly isFrozen?: boolean | undefined
  /** Take a lock that another Node or another compose wrote, and write it anew. Default: false. */
  readonly isRelocked?: boolean | undefined
  /** Plugins that are to be as new as may be, whatever is locked; `all` of them. Default: none. */
  readonly updated?: ReadonlySet<string> | 'all' | undefined
  /** Ask nothing of the network: only what was fetched before. Default: false. */
  readonly isOffline?: boolean | undefined
  /** A PostgreSQL server to prove a `database: postgres` distribution on; else it is only loaded. */
  readonly proveDatabaseUrl?: string | undefined
  /** The lock of the distribution that is to be upgraded. Default: that of the one in its place, else the one beside the selection. */
  readonly against?: string | undefined
  readonly onStage?: ((event: StageEvent) => void) | undefined
}

export interface Built {
  /** Absolute folder of the distribution. */
  readonly folder: string
  readonly name: string
  readonly isAsBefore: boolean
}

/** Everything decided about a selection, and nothing done: what `compose plan` prints. */
export interface Planned {
  readonly plan: Plan
  readonly lock: Lock
  /** The lock that stands beside the selection, where one does. */
  readonly beside: Lock | undefined
  /** The lock of the distribution that was built before, else the one beside the selection. */
  readonly previous: Lock | undefined
  readonly lockText: string
  readonly lockFile: string
}

/**
 * Reads a selection up to its plan: selection ▶ sources ▶ resolve ▶ lock ▶ plan. Writes nothing.
 *
 * Throws OtherCore where another core than the installed one was chosen: the command then goes on in that one's house.
 */
export async function planSelection(file: string, options: BuildOptions = {}): Promise<Planned> {
  const { mayLeave, OtherCore } = await import('./cores/index.ts')
  // Stages that end in another core's house are told there.
  const held = mayLeave() ? heldEvents(options.onStage) : undefined
  const stage = stagesOf(held ?? options)
  try {
    return await planHere(file, options, { stage, released: () => held?.release() })
  } catch (error) {
    if (!(error instanceof OtherCore)) held?.release()
    throw error
  }
}

async function planHere(
  file: string,
  options: BuildOptions,
  { stage, released }: { readonly stage: Stage; readonly released: () => void },
): Promise<Planned> {
  const [
    { readSelection },
    { coresFor, coresOffered, enterChosen, enterLocked },
    { readCatalog },
    { resolve },
    lock,
    { planDistribution },
  ] = await Promise.all([
    import('./selection/index.ts'),
    import('./cores/index.ts'),
    import('./sources/index.ts'),
    import('./resolve/index.ts'),
    import('./lock/index.ts'),
    import('./plan/index.ts'),
  ])
  const selection = await stage(
    'selection',
    () => readSelection(file),
    (it) =>
      `${counted(it.plugins.length, 'plugin')}, ${counted(
        [...it.settings.values()].reduce((sum, each) => sum + each.size, 0),
        'setting',
      )}`,
  )
  if (options.isFrozen) lock.refuseStale(selection)
  const { out, cache } = pathsOf(selection.distribution.value, {
    cwd: options.cwd ?? process.cwd(),
    out: options.out,
    cacheDir: options.cacheDir,
  })
  const fetching = { cacheDir: cache, isOffline: options.isOffline ?? false }
  const { updated } = options
  const lockedCore = lock.lockedCore(selection)
  const askedOfCore = {
    ...fetching,
    isFrozen: options.isFrozen ?? false,
    isUpdated: updated === 'all' || (updated?.has('core') ?? false),
  }
  await enterLocked(selection, lockedCore, askedOfCore)
  const [cores, catalog] = await stage(
    'sources',
    () =>
      Promise.all([
        coresFor(selection, lockedCore, askedOfCore),
        readCatalog(selection, { ...fetching, commits: lock.lockedCommits(selection, updated) }),
      ]),
    ([, it]) =>
      `${counted(it.releases.length, 'release')} of ${counted(new Set(it.releases.map((each) => each.name)).size, 'plugin')}`,
  )
  const resolution = await stage(
    'resolve',
    async () => {
      const preferred =
        updated === 'all'
          ? {}
          : { locked: lock.lockedVersions(selection), ...(updated ? { updated } : {}) }
      const { all, hasMore, chosen } = cores
      const choose = (from: readonly string[], chosenCore?: string) =>
        resolve(
          selection,
          { ...catalog, core: { ...catalog.core, all: from } },
          { ...preferred, chosenCore },
        )
      try {
        return choose(all, chosen)
      } catch (error) {
        // Another core may do where the one that is locked, or was chosen before the selection was edited, does not.
        if (!(error instanceof Refused) || (!hasMore && chosen === undefined)) throw error
        return choose(hasMore ? await coresOffered(selection, fetching) : all)
      }
    },
    (it) => {
      const brought = it.plugins.length - selection.plugins.length
      return `core ${it.core}, ${counted(it.plugins.length, 'plugin')}${brought > 0 ? ` (${brought} brought in)` : ''}`
    },
    (it) => it.notices,
  )
  await enterChosen(resolution.core, lockedCore, cores.all, fetching)
  released()
  const lockFile = lock.lockFileOf(selection)
  const locked = await stage(
    'lock',
    () =>
      lock.pin(selection, resolution, {
        isFrozen: options.isFrozen ?? false,
        isRelocked: options.isRelocked ?? false,
        out,
        against: options.against,
        ...fetching,
      }),
    (it) =>
      it.changes.length === 0
        ? `${it.plugins.length} ${it.beside ? 'kept' : 'pinned'}`
        : `${it.plugins.length} pinned, ${it.changes.length} changed`,
    (it) => it.changes,
  )
  const plan = await stage(
    'plan',
    () => planDistribution(selection, locked, catalog.releases),
    (it) =>
      `${counted(contributions(it), 'contribution')}, ${counted(it.migrations.steps.length, 'migration')}, ${counted(Object.keys((it.compose.document['services'] as object | undefined) ?? {}).length, 'service')}`,
    (it) => it.notices,
  )
  const { beside, previous, lockText } = locked
  return { plan, lock: locked.lock, beside, previous, lockText, lockFile }
}

/** Keeps what is told until it is certain that it is told here. */
function heldEvents(onStage: BuildOptions['onStage']) {
  let held: StageEvent[] | undefined = []
  return {
    onStage: (event: StageEvent) => void (held ? held.push(event) : onStage?.(event)),
    release: () => {
      for (const event of held ?? []) onStage?.(event)
      held = undefined
    },
  }
}

/** What a selection's sources offer beside what it uses. */
export interface Survey {
  readonly selection: Selection
  readonly catalog: Catalog
  /** What a build would take now, and what it would take with nothing locked. */
  readonly now: Resolution
  readonly newest: Resolution
}

/** Looks at what there is: selection ▶ sources ▶ resolve, with the lock and without. Writes nothing. */
export async function surveySelection(file: string, options: BuildOptions = {}): Promise<Survey> {
  const [{ readSelection }, { coresOffered }, { readCatalog }, { resolve }, lock] =
    await Promise.all([
      import('./selection/index.ts'),
      import('./cores/index.ts'),
      import('./sources/index.ts'),
      import('./resolve/index.ts'),
      import('./lock/index.ts'),
    ])
  const selection = await readSelection(file)
  const { cache } = pathsOf('', { cwd: options.cwd ?? process.cwd(), cacheDir: options.cacheDir })
  const fetching = { cacheDir: cache, isOffline: options.isOffline ?? false }
  const catalog = await readCatalog(selection, {
    ...fetching,
    commits: lock.lockedCommits(selection),
    cores: await coresOffered(selection, fetching),
  })
  return {
    selection,
    catalog,
    now: resolve(selection, catalog, {
      locked: lock.lockedVersions(selection),
      lockedCore: lock.lockedCore(selection)?.version,
    }),
    newest: resolve(selection, catalog),
  }
}

/**
 * Builds one distribution from a selection, and gives its folder; the old one stays as it was until the new one is proved.
 *
 * The stair, after the plan: generate ▶ check ▶ compile ▶ package ▶ prove. Check runs beside all that follows it, up to
 * putting the distribution in place, which needs its consent.
 */
export const build = (file: string, options: BuildOptions = {}): Promise<Built> =>
  withRoom(() => climb(file, options))

async function climb(file: string, options: BuildOptions): Promise<Built> {
  const cwd = options.cwd ?? process.cwd()
  const seen = see(file)
  const known =
    options.against === undefined ? unchanged(file, { ...options, cwd }, seen) : undefined
  if (known) {
    options.onStage?.({
      stage: 'prove',
      state: 'as-before',
      ms: 0,
      says: 'nothing changed',
      details: [],
    })
    return { ...known, isAsBefore: true }
  }
  const cut = new AbortController()
  try {
    return await buildAnew(file, { ...options, cwd }, seen, cut)
  } finally {
    cut.abort()
  }
}

async function buildAnew(
  file: string,
  options: BuildOptions & { readonly cwd: string },
  seen: Seen,
  /** Ends what runs beside this process. */
  cut: AbortController,
): Promise<Built> {
  const { cwd } = options
  const stage = stagesOf(options)
  const { startBundler } = await import('./compile/bundler.ts')
  const bundler = startBundler(cut.signal)
  const { plan, previous, lockText, lockFile } = await planSelection(file, options)
  if (!options.isRelocked) (await import('./lock/index.ts')).refuseOtherToolchain(lockFile, file)
  const paths: Paths = pathsOf(plan.name, { cwd, out: options.out, cacheDir: options.cacheDir })
  const { refuseUnwritable } = await import('./package/writable.ts')
  refuseUnwritable(paths.out)
  const cache = openCache(paths.cache)
  const { core } = seen
  const [{ generate }, { stageFiles }, { check, rehearse }, { compile }] = await Promise.all([
    import('./generate/index.ts'),
    import('./compile/stage-files.ts'),
    import('./check/index.ts'),
    import('./compile/index.ts'),
  ])
  const sources = seeSources(plan.plugins.map(({ release }) => release))
  const folders = [...(options.against === undefined ? [] : [dirname(options.against)]), paths.out]
  const tree = await stage(
    'generate',
    () => generate({ plan, cache, coreHash: core }),
    (it) => counted(it.size, 'file'),
  )
  const staged = stageFiles(plan, tree, paths)
  // Each begins as soon as it has what it needs, and a refusal of check cuts the others off; they are told one after another.
  const rehearsing = rehearse(plan, previous && { lock: previous, folders }, cache)
  const checking = begun([], () => check({ plan, tree, paths, cache, coreHash: core, rehearsing }))
  const missing = Promise.withResolvers<readonly Surface[]>()
  const bundling = begun([], () =>
    compile({
      plan,
      tree,
      paths,
      cache,
      coreHash: core,
      bundler,
      onMissing: missing.resolve,
    }),
  )
  bundling.result.catch(missing.reject) // where it fails before it tells
  const packing = begun(
    [rehearsing],
    async ([{ schema }]) => {
      await setImmediate() // The others' programs are started first.
      const { pack } = await import('./package/index.ts')
      const given = { lockText, schema, paths, cache, coreHash: core }
      return pack({ plan: staged, bundling: bundling.result, ...given })
    },
    bundling.result,
  )
  const consent = checking.result.then(async () => {
    if (!options.isFrozen) (await import('./lock/index.ts')).writeLock(lockFile, lockText)
  })
  const proving = begun(
    [rehearsing, missing.promise],
    async ([{ snapshot }, surfaces]) => {
      await setImmediate() // Laying out data keeps this process busy as well.
      const { prove } = await import('./prove/index.ts')
      return prove({
        plan,
        packing: packing.result,
        snapshot,
        isServerNew: surfaces.includes('server'),
        paths,
        cache,
        databaseUrl: options.proveDatabaseUrl,
        signal: cut.signal,
        consent,
      })
    },
    packing.result,
  )
  await stage(
    'check',
    () => consent.then(() => checking.result),
    (it) =>
      `types fit; ${counted(it.steps, 'migration')} ran from empty, ${upgradeText(it.fromBefore)}`,
    (it) => it.refreshed.map((name) => `${name}: plugin.gen.ts written anew`),
    (it) => it.isAsBefore,
    checking,
  ).catch(async (error: unknown) => {
    cut.abort()
    await Promise.allSettled([proving.result])
    throw error
  })
  await stage(
    'compile',
    () => bundling.result,
    (it) =>
      `server ${size(it.bytes.server)}, admin ${size(it.bytes.admin)}, store ${size(it.bytes.store)}`,
    undefined,
    (it) => it.asBefore.length === 3,
    bundling,
  )
  await stage(
    'package',
    () => packing.result,
    (it) => `${counted(it.artifacts, 'artifact')}, ${size(it.sizeBytes)}`,
    undefined,
    undefined,
    packing,
  )
  await stage(
    'prove',
    () => proving.result,
    (it) =>
      it.isAsBefore
        ? `server as it was proved; ${counted(it.routes, 'route')}, ${counted(it.pages, 'page')}`
        : it.isStarted
          ? `up in ${seconds(it.upMs)}; health, ${counted(it.routes, 'route')}, ${counted(it.pages, 'page')}`
          : 'loads; not started, for COMPOSE_PROVE_DATABASE_URL names no PostgreSQL',
    undefined,
    undefined,
    proving,
  )
  const lock = options.isFrozen ? seen.lock : hashOf(lockText)
  remember(file, options, paths.out, { seen: { ...seen, lock }, sources })
  return { folder: paths.out, name: plan.name, isAsBefore: false }
}

/** Without an earlier distribution, or where its end is no longer known, there is nothing to upgrade from. */
const upgradeText = (upgraded: Upgraded | undefined) =>
  upgraded
    ? `${upgraded.steps} from before${upgraded.rows > 0 ? `, over ${counted(upgraded.rows, 'sample row')}${upgraded.areOfToday ? ' of today' : ''}` : ''}`
    : 'upgrade not rehearsed'

const contributions = (plan: Plan) =>
  plan.routes.reduce((sum, each) => sum + each.keys.length, 0) +
  plan.jobs.length +
  plan.listeners.length +
  plan.methods.length +
  plan.pages.length +
  plan.fills.length
const size = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
const seconds = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)

import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { pathsOf } from '../cache/paths.ts'
import { composeVersion, isWorkspace, roomFolder } from '../house.ts'
import { coreImages } from '../model/core-images.ts'
import { sharedServices } from '../read/shared-services.ts'
import { broughtLock } from '../cores/house-lock.ts'
import type { Lock, Locked, LockedPlugin, NpmLock } from '../model/lock.ts'
import type { Resolution } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { askedChanges, askedOf } from './asked.ts'
import { changeLines, lockChanges } from './lock-changes.ts'
import { lockText } from './lock-text.ts'
import { readMigrations } from '../read/migrations.ts'
import {
  badLock,
  frozen,
  leftWithoutAWord,
  migrationChanged,
  noSuchLock,
  otherCoreFiles,
  otherToolchain,
} from './problems.ts'
import { fetchFiles } from './fetch-files.ts'
import { withPackages } from './packages.ts'
import { coreTree } from './tree.ts'

export interface LockOptions {
  readonly isFrozen: boolean
  /** What compose and core are may be others than the lock names. Default: false. */
  readonly isRelocked?: boolean
  /** Where archives are kept and unpacked. Default: the cache of the current folder. */
  readonly cacheDir?: string
  /** Nothing is asked of the network. Default: false. */
  readonly isOffline?: boolean
  /** The distribution that was built before, whose lock is the previous one. */
  readonly out: string
  /** A lock to compare with instead of that one. */
  readonly against?: string | undefined
}

/** `selection.lock` beside `selection.yaml`, `standard.lock` beside `standard.yaml`. */
export const lockFileOf = (selection: Selection): string =>
  selection.file.replace(/\.ya?ml$/, '') + '.lock'

/** Pins every plugin by the hash of its files; refuses where shipped migrations changed, and under --frozen any change. */
export async function pin(
  selection: Selection,
  resolution: Resolution,
  options: LockOptions,
): Promise<Locked> {
  const file = lockFileOf(selection)
  const beside = readLock(file)
  const shownLock = lockShown(selection)
  const fetching = {
    cacheDir: options.cacheDir ?? pathsOf('', { cwd: process.cwd() }).cache,
    isOffline: options.isOffline ?? false,
  }
  const fetched = await Promise.all(
    resolution.plugins.map(({ release }) => {
      const before = beside && { entry: beside.lock.plugins[release.name], shownLock }
      return fetchFiles(release, selection, before, fetching)
    }),
  )
  const unfit = fetched.flatMap((each) => ('problems' in each ? each.problems : []))
  if (unfit.length > 0) throw new Refused(unfit)
  const { plugins, npm } = await withPackages(
    fetched.flatMap((each) => ('problems' in each ? [] : [each])),
    beside?.lock.npm,
    selection,
    fetching,
  )
  const lock = {
    ...lockOf(selection, resolution, plugins, corePackages(beside?.lock, resolution, options)),
    ...(npm ? { npm } : {}),
  }
  const text = lockText(lock)
  const previous = previousLock(options) ?? beside
  const problems = [
    ...(options.isFrozen && (beside === undefined || lockText(beside.lock) !== text)
      ? [frozen(shownLock, beside && differences(beside.lock, lock), selection)]
      : []),
    ...(previous ? shippedProblems(previous, lock, selection, plugins) : []),
    ...(beside && !isWorkspace() && !options.isRelocked
      ? otherFilesOfCore(beside.lock.core, lock.core, shownLock)
      : []),
  ]
  if (problems.length > 0) throw new Refused(problems)
  return {
    lock,
    lockText: text,
    plugins,
    beside: beside?.lock,
    previous: previous?.lock,
    changes: changeLines(lockChanges(previous?.lock, lock)),
  }
}

/** A version of core that npm brought is the same everywhere; in a workspace it is worked on. */
export const otherFilesOfCore = (
  before: Lock['core'],
  now: Lock['core'],
  shownLock: string,
): readonly Problem[] =>
  before.version === now.version && before.tree !== now.tree
    ? [otherCoreFiles(before, now, shownLock)]
    : []

function previousLock({ against, out }: LockOptions): LockFile | undefined {
  if (against === undefined) return readLock(join(out, 'selection.lock'))
  const named = statSync(against, { throwIfNoEntry: false })?.isFile()
    ? readLock(against)
    : undefined
  if (!named) throw new Refused([noSuchLock(against)])
  return named
}

/** Plugin → the commit that is locked, where the selection asks for the same revision as then. */
export function lockedCommits(
  selection: Selection,
  updated: ReadonlySet<string> | 'all' = new Set(),
): ReadonlyMap<string, string> {
  const before = readLock(lockFileOf(selection))?.lock
  if (!before || updated === 'all') return new Map()
  const asked = askedOf(selection).plugins
  return new Map(
    Object.entries(before.plugins).flatMap(([name, { commit }]) =>
      commit !== undefined && before.asked.plugins[name] === asked[name] && !updated.has(name)
        ? [[name, commit] as const]
        : [],
    ),
  )
}

const differences = (before: Lock, now: Lock): readonly string[] => {
  const told = [...askedChanges(before.asked, now.asked), ...changeLines(lockChanges(before, now))]
  return told.length > 0 ? told : ['the same facts, written otherwise']
}

/** Refuses a lock that must stay and does not say what the selection asks for: known before anything is looked up. */
export function refuseStale(selection: Selection): void {
  const beside = readLock(lockFileOf(selection))
  const shown = lockShown(selection)
  if (!beside) throw new Refused([frozen(shown, undefined, selection)])
  const asked = askedChanges(beside.lock.asked, askedOf(selection))
  if (asked.length > 0) throw new Refused([frozen(shown, asked, selection)])
}

/** Refuses to build from a lock that another Node or another compose wrote: the bytes would be others. */
export function refuseOtherToolchain(lockFile: string, selectionFile: string): void {
  const beside = readLock(lockFile)
  if (!beside) return
  const now = toolchain()
  const differs = (['node', 'compose'] as const).filter(
    (key) => beside.lock.toolchain[key] !== now[key],
  )
  if (differs.length > 0) throw new Refused([otherToolchain(beside, now, differs, selectionFile)])
}

const toolchain = () => ({ node: process.versions.node, compose: composeVersion() })

/** Plugin → the version that is locked; what a build takes while it fits. */
export const lockedVersions = (selection: Selection): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(readLock(lockFileOf(selection))?.lock.plugins ?? {}).map(
      ([name, { version }]) => [name, version],
    ),
  )

/** The core that is locked, and its packages where those are. */
export const lockedCore = (selection: Selection): Lock['core'] | undefined =>
  readLock(lockFileOf(selection))?.lock.core

/** Writes the lock whole or not at all; leaves a file with the same text alone. */
export function writeLock(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(`${file}.part`, text)
  renameSync(`${file}.part`, file)
}

const lockShown = (selection: Selection) => selection.shownAs.replace(/\.ya?ml$/, '') + '.lock'

function lockOf(
  selection: Selection,
  resolution: Resolution,
  plugins: readonly LockedPlugin[],
  npm: NpmLock | undefined,
): Lock {
  const migrations = [
    ...readMigrations('core', roomFolder('domain'), 'migrations'),
    ...plugins.flatMap(({ release }) => {
      const folder = release.manifest.contributes.migrations
      return folder === undefined ? [] : readMigrations(release.name, release.folder, folder)
    }),
  ]
  return {
    format: 1,
    asked: askedOf(selection),
    core: {
      version: resolution.core,
      tree: coreTree(),
      ...(npm ? { npm } : {}),
      images: forPlatforms(
        coreImages(
          selection.deployment.proxy.value,
          sharedServices(
            plugins.map(({ release }) => release),
            selection.deployment.coreImages,
          ),
          selection.deployment.coreImages,
        ),
        selection,
      ),
    },
    toolchain: toolchain(),
    plugins: Object.fromEntries(
      plugins.map(({ release, tree, files, capabilities }) => [
        release.name,
        {
          version: release.version,
          source: release.source,
          ...(release.integrity === undefined ? {} : { integrity: release.integrity }),
          ...(release.commit === undefined ? {} : { commit: release.commit.id }),
          tree,
          manifest: files.get('plugin.yaml') ?? '',
          license: release.manifest.license,
          ...filled('requires', release.manifest.requires.plugins ?? {}),
          ...filled('permissions', Object.keys(release.manifest.permissions ?? {}).toSorted()),
          ...filled('images', imagesOf(capabilities, selection)),
          ...filled('capabilities', capabilities),
        },
      ]),
    ),
    migrations: Object.fromEntries(migrations.map(({ id, checksum }) => [id, checksum])),
  }
}

/** What core's own packages are locked to: as compose brought them, else as they were locked for this very core. */
function corePackages(
  before: Lock | undefined,
  { core }: Resolution,
  { isFrozen }: LockOptions,
): NpmLock | undefined {
  const kept = before?.core.version === core ? before.core.npm : undefined
  return isFrozen ? kept : (broughtLock() ?? kept)
}

/** Each image once for each platform that is asked for; a digest must be that of an index that has them all. */
const forPlatforms = (
  images: readonly string[],
  { deployment: { platforms } }: Selection,
): readonly string[] =>
  platforms.value.length === 0
    ? images
    : images.flatMap((image) => platforms.value.map((each) => `${image} for ${each}`))

function imagesOf(capabilities: readonly string[], selection: Selection): readonly string[] {
  if (selection.deployment.platforms.value.length === 0) return []
  const images = capabilities.flatMap((each) =>
    each.startsWith('image ') ? [each.slice('image '.length)] : [],
  )
  return forPlatforms(images, selection)
}

/** Nothing is not written down. */
const filled = (key: string, value: object) =>
  Object.keys(value).length === 0 ? {} : { [key]: value }

interface LockFile {
  readonly lock: Lock
  readonly text: string
  readonly file: string
}

function readLock(file: string): LockFile | undefined {
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const shown = relative(process.cwd(), file).replaceAll('\\', '/')
  try {
    const lock = JSON.parse(text) as Lock // the shape is checked on the next line
    if (
      lock.format === 1 &&
      typeof lock.asked === 'object' &&
      typeof lock.asked.plugins === 'object' &&
      typeof lock.core === 'object' &&
      typeof lock.toolchain === 'object' &&
      typeof lock.plugins === 'object' &&
      typeof lock.migrations === 'object'
    )
      return { lock, text, file: shown }
  } catch {
    // Said below, in our words.
  }
  throw new Refused([badLock(shown)])
}

/** What a database of the distribution before has already run may neither change nor vanish. */
function shippedProblems(
  previous: LockFile,
  next: Lock,
  selection: Selection,
  plugins: readonly LockedPlugin[],
): readonly Problem[] {
  const lineOf = (id: string) =>
    previous.text.split('\n').findIndex((line) => line.includes(`"${id}"`)) + 1
  const left = new Set<string>()
  const problems = Object.entries(previous.lock.migrations).flatMap(([id, checksum]) => {
    const plugin = id.split('/')[0] ?? ''
    const now = next.migrations[id]
    if (now === checksum) return []
    const place = `${previous.file}:${lineOf(id)}`
    const release = plugins.find((each) => each.release.name === plugin)?.release
    if (plugin !== 'core' && !release) {
      if (!selection.removed.has(plugin)) left.add(plugin)
      return []
    }
    const asked = selection.plugins.find((each) => each.name === plugin)
    return [
      migrationChanged({
        id,
        before: {
          place,
          checksum,
          version: previous.lock.plugins[plugin]?.version ?? previous.lock.core.version,
        },
        after: {
          place: release
            ? `${release.source}/${(release.manifest.contributes.migrations ?? '').replace(/^\.\//, '')}/${id.split('/')[1] ?? ''}.sql`
            : 'core',
          checksum: now,
        },
        plugin,
        version: release?.version ?? next.core.version,
        lockFile: previous.file,
        asked,
      }),
    ]
  })
  return [
    ...problems,
    ...[...left]
      .toSorted()
      .map((plugin) =>
        leftWithoutAWord(
          plugin,
          previous.lock.plugins[plugin]?.version ?? '',
          previous.file,
          selection,
        ),
      ),
  ]
}

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { FetchOptions } from '../catalogue/content.ts'
import type { NpmLock } from '../model/lock.ts'
import { machineOf, type Platform } from '../model/platform.ts'
import type { Ranges } from './dependencies.ts'
import { nativePackages, type NativePackage } from './native.ts'
import { isNotAsLocked, notAsLocked, notInstalled } from './problems.ts'
import { runPnpm } from './run-pnpm.ts'

export interface Installed {
  readonly lock: NpmLock
  /** Plugin → its node_modules, absolute. */
  readonly modules: ReadonlyMap<string, string>
  /** Plugin → the packages of its own that bring machine code. */
  readonly native: ReadonlyMap<string, readonly NativePackage[]>
}

/**
 * Installs the npm packages of plugins, all at once and each plugin's apart: two may use two majors of one library.
 *
 * What is locked for the same ranges is taken as it is, else pnpm resolves; it locks what a package has for every kind of
 * machine, and installs what it has for those that are asked for, else for this one. Nothing of a package runs. One folder
 * of the cache for one lock; what lies there already is not touched.
 */
export async function installPackages(
  wanted: ReadonlyMap<string, Ranges>,
  before: NpmLock | undefined,
  { cacheDir, isOffline, platforms }: FetchOptions & { readonly platforms: readonly Platform[] },
): Promise<Installed | Problem> {
  const store = join(cacheDir, 'npm-packages')
  const known = before && asksFor(before, wanted) ? before : undefined
  const ready = known && join(store, nameOf(known, platforms))
  if (known && ready && existsSync(join(ready, nativeFile))) return installed(ready, known, wanted)
  const part = join(store, `part-${randomBytes(6).toString('hex')}`)
  try {
    layOut(part, wanted, known, platforms)
    const offline = isOffline ? ['--offline'] : ['--prefer-offline']
    const frozen = known ? '--frozen-lockfile' : '--no-frozen-lockfile'
    const failed = await runPnpm(part, ['install', frozen, ...offline])
    if (failed !== undefined)
      return isNotAsLocked(failed) ? notAsLocked(failed) : notInstalled(wanted, failed)
    const lock = known ?? readLock(part)
    writeFileSync(join(part, nativeFile), JSON.stringify(nativePackages(part, wanted)))
    const folder = join(store, nameOf(lock, platforms))
    // Another build may have been faster with the same packages.
    if (!existsSync(join(folder, nativeFile))) {
      rmSync(folder, { recursive: true, force: true })
      renameSync(part, folder)
    }
    return installed(folder, lock, wanted)
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

/** What the packages were found to bring, told beside them. */
const nativeFile = 'native.json'

const installed = (
  folder: string,
  lock: NpmLock,
  wanted: ReadonlyMap<string, Ranges>,
): Installed => ({
  lock,
  modules: new Map(
    [...wanted.keys()].map((name) => [name, join(folder, 'plugins', name, 'node_modules')]),
  ),
  native: new Map(
    Object.entries(
      JSON.parse(readFileSync(join(folder, nativeFile), 'utf8')) as ReturnType<
        typeof nativePackages
      >, // written by installPackages
    ),
  ),
})

/** A workspace of our own making: of a plugin's package.json nothing but the ranges. */
function layOut(
  folder: string,
  wanted: ReadonlyMap<string, Ranges>,
  known: NpmLock | undefined,
  platforms: readonly Platform[],
) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "name": "plugins", "private": true }\n')
  writeFileSync(
    join(folder, 'pnpm-workspace.yaml'),
    stringify({
      packages: ['plugins/*'],
      ignoreScripts: true,
      ignorePnpmfile: true,
      autoInstallPeers: false,
      managePackageManagerVersions: false,
      verifyDepsBeforeRun: false,
      ...(platforms.length === 0
        ? {}
        : {
            supportedArchitectures: {
              os: ['linux'],
              cpu: platforms.map((each) => machineOf(each).slice('linux-'.length)),
              libc: ['glibc'],
            },
          }),
    }),
  )
  for (const [name, dependencies] of wanted) {
    mkdirSync(join(folder, 'plugins', name), { recursive: true })
    writeFileSync(
      join(folder, 'plugins', name, 'package.json'),
      `${JSON.stringify({ name, version: '0.0.0', private: true, dependencies })}\n`,
    )
  }
  if (known) writeFileSync(join(folder, 'pnpm-lock.yaml'), stringify(known))
}

const readLock = (folder: string) =>
  parse(readFileSync(join(folder, 'pnpm-lock.yaml'), 'utf8')) as NpmLock // pnpm's own format

/** Whether a lock was made for these ranges; no solving is needed to know. */
function asksFor({ importers = {} }: NpmLock, wanted: ReadonlyMap<string, Ranges>): boolean {
  const asked = Object.entries(importers).filter(([path]) => path !== '.')
  return (
    asked.length === wanted.size &&
    [...wanted].every(([name, ranges]) => {
      const { dependencies = {} } = importers[`plugins/${name}`] ?? {}
      const names = Object.keys(ranges)
      return (
        names.length === Object.keys(dependencies).length &&
        names.every((each) => dependencies[each]?.specifier === ranges[each])
      )
    })
  )
}

/** By what a lock says: pnpm writes its keys in another order than they stand in selection.lock. */
export const nameOf = (lock: NpmLock, platforms: readonly Platform[]): string =>
  createHash('sha256')
    .update(JSON.stringify(platforms.length === 0 ? lock : [lock, platforms], sorted))
    .digest('base64url')

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

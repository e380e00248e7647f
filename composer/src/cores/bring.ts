import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { FetchOptions } from '../catalogue/content.ts'
import { keep } from '../catalogue/store.ts'
import { composeVersion, rooms } from '../house.ts'
import type { NpmLock } from '../model/lock.ts'
import { addressOf, addressOfScope } from '../npm/address.ts'
import { isNotAsLocked, notAsLocked } from '../npm/problems.ts'
import { runPnpm } from '../npm/run-pnpm.ts'
import { houseFile, readHouseLock } from './house-lock.ts'
import { coreNotBrought } from './problems.ts'

/** A folder with one core, and with this very compose beside it: it builds there as if npm had installed both. */
export interface House {
  /** Of core. */
  readonly version: string
  /** The program `compose` in it; absolute. */
  readonly program: string
}

const composerName = '@bitcartcc/composer'

/**
 * Puts a house together in the cache, out of the registry that npm would ask; what lies there already is not touched.
 *
 * `known` is what a lock holds for this core: it is installed to the byte, else pnpm resolves. No script of a package runs.
 */
export async function bringCore(
  version: string,
  known: NpmLock | undefined,
  { cacheDir, isOffline }: FetchOptions,
): Promise<House | Problem> {
  const store = join(cacheDir, 'cores')
  const lock = known && isFor(known, version) ? known : lockOfLast(store, version)
  const ready = lock && join(store, nameOf(lock))
  if (ready && existsSync(join(ready, houseFile))) return houseIn(ready, version)
  const part = join(store, `part-${randomBytes(6).toString('hex')}`)
  try {
    await layOut(part, version, lock)
    const offline = isOffline ? ['--offline'] : ['--prefer-offline']
    const frozen = lock ? '--frozen-lockfile' : '--no-frozen-lockfile'
    const failed = await runPnpm(part, ['install', '--prod', frozen, ...offline])
    if (failed !== undefined)
      return isNotAsLocked(failed) ? notAsLocked(failed) : coreNotBrought(version, failed)
    const made = readHouseLock(part)
    const folder = join(store, nameOf(made))
    writeFileSync(join(part, houseFile), `${JSON.stringify({ version })}\n`)
    // Another build may have been faster with the same core.
    if (!existsSync(join(folder, houseFile))) {
      rmSync(folder, { recursive: true, force: true })
      renameSync(part, folder)
    }
    keep(lastFile(store, version), Buffer.from(JSON.stringify(made)))
    return houseIn(folder, version)
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

const houseIn = (folder: string, version: string): House => ({
  version,
  program: join(folder, 'node_modules', composerName, 'dist/bin.js'),
})

/** Whether a lock is for this core and this compose; no solving is needed to know. */
const isFor = ({ overrides = {}, importers = {} }: NpmLock, version: string): boolean =>
  rooms.every((room) => overrides[`@bitcartcc/${room}`] === version) &&
  importers['.']?.dependencies?.[composerName]?.specifier === composeVersion()

/** What a core was locked to when it was brought last; a lock that is not written yet needs no network for it again. */
const lastFile = (store: string, version: string) =>
  join(store, `${version}-${composeVersion()}.json`)
function lockOfLast(store: string, version: string): NpmLock | undefined {
  const file = lastFile(store, version)
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8')) as NpmLock // written by bringCore
}

/** Compose asks for a range of cores; the overrides say which of them. Laid out flat, as npm does. */
async function layOut(folder: string, version: string, lock: NpmLock | undefined): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const [all, ours] = await Promise.all([addressOf('default'), addressOfScope('@bitcartcc')])
  // What the folder of the selection says of registries; pnpm runs elsewhere.
  writeFileSync(join(folder, '.npmrc'), `registry=${all}\n@bitcartcc:registry=${ours}\n`)
  const dependencies = { [composerName]: composeVersion() }
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'core', private: true, dependencies })}\n`,
  )
  writeFileSync(
    join(folder, 'pnpm-workspace.yaml'),
    stringify({
      packages: ['.'],
      nodeLinker: 'hoisted',
      overrides: Object.fromEntries(rooms.map((room) => [`@bitcartcc/${room}`, version])),
      ignoreScripts: true,
      ignorePnpmfile: true,
      managePackageManagerVersions: false,
      verifyDepsBeforeRun: false,
    }),
  )
  if (lock) writeFileSync(join(folder, 'pnpm-lock.yaml'), stringify(lock))
}

const nameOf = (lock: NpmLock) =>
  createHash('sha256')
    .update(JSON.stringify(sorted(lock)))
    .digest('base64url')

/** The same name for one lock, in whatever order its keys were written down. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

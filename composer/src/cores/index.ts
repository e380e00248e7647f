import compareBuild from 'semver/functions/compare-build.js'
import satisfies from 'semver/functions/satisfies.js'
import valid from 'semver/functions/valid.js'
import { Refused } from '@bitcartcc/sdk/problem'
import type { FetchOptions } from '../catalogue/content.ts'
import { coreRange, coreVersion, isWorkspace } from '../house.ts'
import type { Lock } from '../model/lock.ts'
import type { Selection } from '../model/selection.ts'
import { addressOfScope } from '../npm/address.ts'
import { isPublishedBy, versionsOf } from '../npm/registry.ts'
import { bringCore, type House } from './bring.ts'
import { enteredCores } from './enter.ts'

// In: a selection, what its lock says of core, what may be asked. Out: the versions of core to choose from; and for one that
// is not installed a house in the cache, where this very compose goes on with it. Look next: bring.ts, enter.ts.

/** Another core was chosen than the one that is installed: whoever runs compose goes on in that core's house. */
export class OtherCore extends Error {
  readonly house: House
  /** The versions it was chosen from; undefined where a lock names it. */
  readonly cores: readonly string[] | undefined
  constructor(house: House, cores: readonly string[] | undefined) {
    super(`core ${house.version} is another than the one that is installed`)
    this.house = house
    this.cores = cores
  }
}

export interface CoreChoice {
  /** Oldest first, the one that is installed among them. */
  readonly all: readonly string[]
  /** The registry may have more, and was not asked: what is locked ought to do. */
  readonly hasMore: boolean
  /** Chosen before this house was entered. */
  readonly chosen?: string
}

/** The core that stands beside this compose. */
export interface Here {
  readonly version: string
  /** The cores that this compose can build on. */
  readonly range: string
  readonly isWorkspace: boolean
}
const installedHere = (): Here => ({
  version: coreVersion(),
  range: coreRange(),
  isWorkspace: isWorkspace(),
})

interface Asked extends FetchOptions {
  readonly isFrozen: boolean
  /** Whether core is to be as new as may be. */
  readonly isUpdated: boolean
}

/**
 * The versions of core that a build may stand on. In the workspace its own; else what is locked, while it fits; else what the
 * registry has for this compose. Refuses where the registry cannot be reached.
 */
export async function coresFor(
  selection: Selection,
  locked: Lock['core'] | undefined,
  asked: Asked,
  here: Here = installedHere(),
): Promise<CoreChoice> {
  const { version, isWorkspace } = here
  const entered = enteredCores()
  if (entered) return { all: entered, hasMore: false, chosen: version }
  if (isWorkspace || valid(selection.core.value) === version)
    return { all: [version], hasMore: false }
  const kept = keptCore(selection, locked, asked)
  if (kept !== undefined) return { all: [kept], hasMore: !asked.isFrozen }
  if (asked.isFrozen) return { all: [version], hasMore: false }
  return { all: await coresOffered(selection, asked, here), hasMore: false }
}

/** The core that is locked, where it may stay. */
const keptCore = (
  { core: { value } }: Selection,
  locked: Lock['core'] | undefined,
  { isUpdated }: Asked,
): string | undefined =>
  locked && !isUpdated && satisfies(locked.version, value, { includePrerelease: true })
    ? locked.version
    : undefined

/** Every core in the registry that this compose can build on, and the one that is installed; oldest first. */
export async function coresOffered(
  { notAfter }: Selection,
  fetching: FetchOptions,
  { version: installed, range, isWorkspace }: Here = installedHere(),
): Promise<readonly string[]> {
  if (isWorkspace) return [installed]
  const registry = await addressOfScope('@bitcartcc')
  const found = registry === '' ? undefined : await versionsOf(registry, '@bitcartcc/sdk', fetching)
  // Offline it is no problem that nobody asked before: what is installed is here.
  if (found && 'code' in found && !fetching.isOffline) throw new Refused([found])
  const versions = found && !('code' in found) ? found : []
  return [
    ...new Set([
      installed,
      ...versions
        .filter((each) => isPublishedBy(each, notAfter))
        .map(({ version }) => version)
        .filter((version) => satisfies(version, range, { includePrerelease: true })),
    ]),
  ].toSorted(compareBuild)
}

/** Whether this compose, as it stands, may have to leave a command to another core's house. */
export const mayLeave = (): boolean => !isWorkspace() && enteredCores() === undefined

/** Goes on in the house of another core where the lock names one; known before anything is looked up. */
export async function enterLocked(
  selection: Selection,
  locked: Lock['core'] | undefined,
  asked: Asked,
): Promise<void> {
  if (!mayLeave()) return
  const kept = keptCore(selection, locked, asked)
  if (kept === undefined || kept === coreVersion()) return
  throw new OtherCore(await brought(kept, locked, asked), undefined)
}

/** Goes on in the house of the core that was chosen, where it is not the one that is installed. */
export async function enterChosen(
  core: string,
  locked: Lock['core'] | undefined,
  cores: readonly string[],
  fetching: FetchOptions,
): Promise<void> {
  if (core === coreVersion()) return
  throw new OtherCore(await brought(core, locked, fetching), cores)
}

async function brought(
  version: string,
  locked: Lock['core'] | undefined,
  fetching: FetchOptions,
): Promise<House> {
  const known = locked?.version === version ? locked.npm : undefined
  const house = await bringCore(version, known, fetching)
  if ('code' in house) throw new Refused([house])
  return house
}

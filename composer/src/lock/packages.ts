import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { FetchOptions } from '../catalogue/content.ts'
import type { LockedPlugin, NpmLock } from '../model/lock.ts'
import type { Located } from '../model/place.ts'
import { machinesOf, ownMachine, type Platform } from '../model/platform.ts'
import { corePackages } from '../npm/core-packages.ts'
import type { Selection } from '../model/selection.ts'
import { dependenciesOf, type Ranges } from '../npm/dependencies.ts'
import type { NativePackage } from '../npm/native.ts'
import { nativeAddon, notForPlatform, notProvedHere } from '../npm/problems.ts'

/** A plugin as it was fetched, with the bytes of its package.json. */
export interface Fetched extends LockedPlugin {
  readonly packageJson?: Uint8Array
}
interface WithPackages {
  readonly plugins: readonly LockedPlugin[]
  readonly npm: NpmLock | undefined
}

/** Gives plugins their npm packages as they are locked; a node_modules in a plugin's folder is its author's, and not looked at. */
export async function withPackages(
  fetched: readonly Fetched[],
  before: NpmLock | undefined,
  selection: Pick<Selection, 'grants' | 'shownAs'> & {
    readonly deployment: Pick<Selection['deployment'], 'platforms'>
  },
  fetching: FetchOptions,
): Promise<WithPackages> {
  const plugins = fetched.map(({ release, tree, files, capabilities }): LockedPlugin => ({
    release,
    tree,
    files,
    capabilities,
  }))
  if (!fetched.some(({ packageJson }) => packageJson !== undefined))
    return { plugins, npm: undefined }
  const core = corePackages()
  const read = fetched.map(({ release: { name, version }, packageJson }) => ({
    name,
    ...dependenciesOf(packageJson, `${name} ${version}`, core),
  }))
  const problems = read.flatMap((each) => each.problems)
  if (problems.length > 0) throw new Refused(problems)
  const wanted = new Map<string, Ranges>(
    read
      .filter(({ ranges }) => Object.keys(ranges).length > 0)
      .map(({ name, ranges }) => [name, ranges]),
  )
  if (wanted.size === 0) return { plugins, npm: undefined }
  const { installPackages } = await import('../npm/install.ts')
  const { platforms } = selection.deployment
  const installed = await installPackages(wanted, before, {
    ...fetching,
    platforms: platforms.value,
  })
  if ('code' in installed) throw new Refused([installed])
  const granted = (name: string) => selection.grants.get(name)?.value.native ?? []
  const refused = [...installed.native].flatMap(([plugin, found]) =>
    found
      .filter(({ name, via }) => !granted(plugin).includes(name) && !granted(plugin).includes(via))
      .map((each) => nativeAddon(plugin, each, selection.shownAs)),
  )
  if (refused.length > 0) throw new Refused(refused)
  const unfit = [...installed.native].flatMap(([plugin, found]) =>
    platformProblems(plugin, found, platforms),
  )
  if (unfit.length > 0) throw new Refused(unfit)
  return {
    npm: installed.lock,
    plugins: plugins.map((each) => {
      const { name } = each.release
      const modules = installed.modules.get(name)
      if (modules === undefined) return each
      const found = installed.native.get(name) ?? []
      const native = [
        ...new Set(found.map((it) => (granted(name).includes(it.via) ? it.via : it.name))),
      ].toSorted()
      if (native.length === 0) return { ...each, modules }
      const capabilities = [...each.capabilities, ...native.map((it) => `machine code ${it}`)]
      return { ...each, modules, native, capabilities: capabilities.toSorted() }
    }),
  }
}

/** Machine code must be there for every platform that is asked for, and for this machine: a build starts what it made. */
function platformProblems(
  plugin: string,
  found: readonly NativePackage[],
  asked: Located<readonly Platform[]>,
): readonly Problem[] {
  if (asked.value.length === 0) return []
  return [...Map.groupBy(found, ({ via }) => via)].flatMap(([via, packages]) => {
    const has = new Set(packages.flatMap(({ platforms }) => platforms))
    const lacks = asked.value.filter((each) => !has.has(each))
    if (lacks.length > 0) return [notForPlatform(plugin, via, lacks, asked)]
    return machinesOf(asked.value).includes(ownMachine)
      ? []
      : [notProvedHere(plugin, via, ownMachine, asked)]
  })
}

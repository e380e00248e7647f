import { Refused } from '@bitcartcc/sdk/problem'
import type { FetchOptions } from '../catalogue/content.ts'
import type { LockedPlugin, NpmLock } from '../model/lock.ts'
import { corePackages } from '../npm/core-packages.ts'
import { dependenciesOf, type Ranges } from '../npm/dependencies.ts'

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
  const installed = await installPackages(wanted, before, fetching)
  if ('code' in installed) throw new Refused([installed])
  return {
    npm: installed.lock,
    plugins: plugins.map((each) => {
      const modules = installed.modules.get(each.release.name)
      return modules === undefined ? each : { ...each, modules }
    }),
  }
}

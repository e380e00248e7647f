import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { home } from '../cache/paths.ts'
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

/** Gives plugins their npm packages; a folder of the operator's that has a node_modules keeps its own. */
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
  const bare = fetched.filter(({ release }) => !existsSync(join(release.folder, 'node_modules')))
  if (!bare.some(({ packageJson }) => packageJson !== undefined)) return { plugins, npm: undefined }
  const core = corePackages(home)
  const read = bare.map(({ release: { name, version }, packageJson }) => ({
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

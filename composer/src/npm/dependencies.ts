import type { Problem } from '@bitcartcc/sdk/problem'
import satisfies from 'semver/functions/satisfies.js'
import { isRange } from '../read/range.ts'
import { badPackageJson, notARangeOfNpm, otherCorePackage } from './problems.ts'

export type Ranges = Readonly<Record<string, string>>

/**
 * The npm packages a plugin needs of its own, sorted: those under `dependencies` that core does not give.
 *
 * Only ranges: an address, a path or an alias could name any file of any machine. What core gives must be in the range
 * that the plugin was written for, also where it says so under `peerDependencies`.
 */
export function dependenciesOf(
  packageJson: Uint8Array | undefined,
  owner: string,
  core: ReadonlyMap<string, string>,
): { readonly ranges: Ranges; readonly problems: readonly Problem[] } {
  if (!packageJson) return { ranges: {}, problems: [] }
  const read = parsed(packageJson)
  if (!read) return { ranges: {}, problems: [badPackageJson(owner)] }
  const own = tableOf(read['dependencies'])
  const asked = { ...tableOf(read['peerDependencies']), ...own }
  const problems: Problem[] = []
  for (const [name, range] of sorted(asked)) {
    const given = core.get(name)
    // Written in the workspace of core itself: the same core is here.
    if (given !== undefined && range.startsWith('workspace:')) continue
    if (!isPackageName(name) || !isRange(range)) problems.push(notARangeOfNpm(owner, name, range))
    else if (given !== undefined && !satisfies(given, range))
      problems.push(otherCorePackage(owner, name, range, given))
  }
  return {
    ranges: Object.fromEntries(sorted(own).filter(([name]) => !core.has(name))),
    problems,
  }
}

const isPackageName = (name: string) =>
  /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= 214

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isTable ? (value as Readonly<Record<string, unknown>>) : undefined // looked at
  } catch {
    return undefined
  }
}

const tableOf = (value: unknown): Ranges =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, range]) => [name, String(range)]))
    : {}

const sorted = (table: Ranges) => Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1))

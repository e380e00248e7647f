import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { unpackedFolder } from '../archive/unpack.ts'
import type { FetchOptions } from '../catalogue/content.ts'
import { contentFile } from '../catalogue/store.ts'
import { factsField, readListedFacts } from '../npm/listed-facts.ts'
import { noPackage, noPluginInPackage, unreadableFacts } from '../npm/problems.ts'
import { addressOf } from '../npm/address.ts'
import { isPublishedBy, versionsOf, type NpmVersion } from '../npm/registry.ts'
import type { Listed, Offered } from '../model/release.ts'
import { hasOwnPlace, type SelectedPlugin, type Selection } from '../model/selection.ts'
import { neededBy } from './needed-by.ts'

interface FromNpm {
  readonly releases: readonly Listed[]
  readonly broken: ReadonlyMap<string, readonly Problem[]>
}
interface Package {
  readonly registry: string
  readonly package: string
  /** The plugin it must hold. */
  readonly plugin: string
  readonly asked?: SelectedPlugin
}

/**
 * Reads what registries list of plugins that are npm packages: those the selection names, and `bitcartcc-plugin-NAME` for
 * every other name that is reached, in the registries under `sources`. A release that is found nearer is taken there.
 *
 * A registry gives the package.json of every version at once, and a plugin's says there what versions are chosen by.
 */
export async function npmReleases(
  selection: Selection,
  nearer: readonly Offered[],
  options: FetchOptions,
): Promise<FromNpm> {
  const own = selection.plugins.filter(({ npm }) => npm !== undefined)
  if (own.length === 0 && selection.registries.length === 0)
    return { releases: [], broken: new Map() }
  const named = [...new Set(selection.registries.map(({ value }) => value))]
  const registries = await Promise.all((named.length > 0 ? named : ['default']).map(addressOf))
  const [first = ''] = registries
  const releases: Listed[] = []
  const broken = new Map<string, readonly Problem[]>()
  const known = new Set(nearer.map(({ name, version }) => `${name} ${version}`))
  const look = async (it: Package): Promise<readonly Listed[]> => {
    const read = await releasesOf(it, selection, options)
    if (read.problems.length > 0) broken.set(it.plugin, read.problems)
    return read.releases
  }
  for (const asked of own)
    releases.push(
      ...(await look({ registry: first, package: asked.npm ?? '', plugin: asked.name, asked })),
    )
  const wanted = new Set(
    selection.plugins.filter((each) => !hasOwnPlace(each)).map(({ name }) => name),
  )
  for (const release of [...nearer, ...releases])
    for (const name of neededBy(release)) wanted.add(name)
  // Grows while it is walked: what a release needs is asked for as well.
  for (const plugin of selection.registries.length === 0 ? [] : wanted)
    for (const registry of registries)
      for (const release of await look({
        registry,
        package: `bitcartcc-plugin-${plugin}`,
        plugin,
      })) {
        if (known.has(`${release.name} ${release.version}`)) continue
        known.add(`${release.name} ${release.version}`)
        releases.push(release)
        for (const name of neededBy(release)) wanted.add(name)
      }
  return { releases, broken }
}

async function releasesOf(
  it: Package,
  selection: Selection,
  options: FetchOptions,
): Promise<{ readonly releases: readonly Listed[]; readonly problems: readonly Problem[] }> {
  const versions = await versionsOf(it.registry, it.package, options)
  if (versions !== undefined && 'code' in versions) throw new Refused([versions])
  const read = (versions ?? [])
    .filter((version) => isPublishedBy(version, selection.notAfter))
    .flatMap((version) => (version.facts === undefined ? [] : [listedOf(it, version, options)]))
  // A package of that name that holds something else is not the plugin that was asked for.
  const releases = read.flatMap((each) =>
    'manifest' in each && each.name === it.plugin ? [each] : [],
  )
  if (releases.length > 0) return { releases, problems: [] }
  // What cannot be read is told of where nothing else can be.
  const problems = read.flatMap((each) => ('problem' in each ? [each.problem] : []))
  const { asked } = it
  const facts = asked ? [[`${asked.at.file}:${asked.at.line}`, asked.text]] : []
  if (asked && versions === undefined)
    return { releases, problems: [noPackage(it.package, it.registry, facts)] }
  const isSilent = (versions ?? []).length > 0 && read.length === 0
  return {
    releases,
    problems: isSilent ? [noPluginInPackage(it.package, it.plugin, facts)] : problems,
  }
}

/** A version as its registry tells of it: nothing of the package itself is fetched. */
function listedOf(
  it: Package,
  { version, url, integrity, facts: said }: NpmVersion,
  { cacheDir }: FetchOptions,
): Listed | { readonly problem: Problem } {
  const shown = `${it.package}@${version}`
  const facts = readListedFacts(said)
  if ('because' in facts) return { problem: unreadableFacts(shown, facts.because) }
  return {
    isListed: true,
    name: facts.name,
    version,
    manifest: facts,
    source: `npm:${shown}`,
    folder: unpackedFolder(cacheDir, integrity),
    origin: contentFile(cacheDir, integrity),
    integrity,
    url,
    npm: it.package,
    ...(it.asked ? { isOwn: true } : {}),
    at: () => ({ file: `${facts.name} ${version} package.json`, line: 0, column: 0 }),
    lineAt: (...path) => lineOf(facts, path),
  }
}

/** `"ledger": "^2.0.0"` */
function lineOf(facts: object, path: readonly (string | number)[]): string {
  let value: unknown = facts
  for (const key of path) value = (value as Readonly<Record<string, unknown>>)[key] // its schema let it through
  return `"${path.at(-1) ?? factsField}": ${JSON.stringify(value)}`
}

import satisfies from 'semver/functions/satisfies.js'
import rcompare from 'semver/functions/rcompare.js'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { integrityOf } from '../archive/archive-bytes.ts'
import { largestManifestBytes } from '../archive/limits.ts'
import { unsafeArchive } from '../archive/problems.ts'
import { unpackedFolder } from '../archive/unpack.ts'
import { contentOf, type FetchOptions } from '../catalogue/content.ts'
import { contentFile } from '../catalogue/store.ts'
import { filesOfTarball } from '../npm/tarball.ts'
import { noPackage, noPluginInPackage } from '../npm/problems.ts'
import { versionsOf, type NpmVersion } from '../npm/registry.ts'
import type { Release } from '../model/release.ts'
import { hasOwnPlace, type SelectedPlugin, type Selection } from '../model/selection.ts'
import { neededBy } from './needed-by.ts'
import { releaseOf } from './read-release.ts'

interface FromNpm {
  readonly releases: readonly Release[]
  readonly broken: ReadonlyMap<string, readonly Problem[]>
}
interface Package {
  readonly registry: string
  readonly package: string
  /** The plugin it must hold. */
  readonly plugin: string
  readonly asked?: SelectedPlugin
}

/** A registry does not tell of manifests, so packages are fetched for theirs: no more than the newest of each. */
const mostVersions = 30

/**
 * Reads the manifests of plugins that are npm packages: those the selection names, and `bitcartcc-plugin-NAME` for
 * every other name that is reached, in the registries under `sources`. A release that is found nearer is taken there.
 */
export async function npmReleases(
  selection: Selection,
  nearer: readonly Release[],
  options: FetchOptions,
): Promise<FromNpm> {
  const own = selection.plugins.filter(({ npm }) => npm !== undefined)
  if (own.length === 0 && selection.registries.length === 0)
    return { releases: [], broken: new Map() }
  const named = [...new Set(selection.registries.map(({ value }) => value))]
  const registries = await Promise.all((named.length > 0 ? named : ['default']).map(addressOf))
  const [first = ''] = registries
  const releases: Release[] = []
  const broken = new Map<string, readonly Problem[]>()
  const known = new Set(nearer.map(({ name, version }) => `${name} ${version}`))
  const look = async (it: Package): Promise<readonly Release[]> => {
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

/** `default`: what npm's own settings say, in the environment or in a file of the operator's. */
async function addressOf(registry: string): Promise<string> {
  if (registry !== 'default') return registry
  const given = process.env['npm_config_registry'] ?? process.env['NPM_CONFIG_REGISTRY']
  if (given !== undefined && given !== '') return given
  // Few builds run another program here: the others need not load what runs it.
  const { execa } = await import('execa')
  const asked = await execa('npm', ['config', 'get', 'registry'], {
    reject: false,
    stdin: 'ignore',
  })
  return asked.stdout?.trim() ?? ''
}

async function releasesOf(
  it: Package,
  selection: Selection,
  options: FetchOptions,
): Promise<{ readonly releases: readonly Release[]; readonly problems: readonly Problem[] }> {
  const versions = await versionsOf(it.registry, it.package, options)
  if (versions !== undefined && 'code' in versions) throw new Refused([versions])
  const releases: Release[] = []
  const problems: Problem[] = []
  let isPlugin = false
  for (const version of candidates(versions ?? [], it, selection)) {
    const read = await releaseIn(it, version, selection, options)
    if (read === undefined) continue
    isPlugin = true
    if (!('manifest' in read)) problems.push(...read.problems)
    // A package of that name that holds something else is not the plugin that was asked for.
    else if (read.name === it.plugin && read.version === version.version) releases.push(read)
  }
  const { asked } = it
  if (asked && !isPlugin) {
    const facts = [[`${asked.at.file}:${asked.at.line}`, asked.text]]
    if (versions === undefined) problems.push(noPackage(it.package, it.registry, facts))
    else if (versions.length > 0) problems.push(noPluginInPackage(it.package, facts))
  }
  // A version that cannot be read is told of where no other one can be.
  return { releases, problems: releases.length > 0 ? [] : problems }
}

/** The newest versions that the selection's range lets be, or the newest where it names none. */
function candidates(
  versions: readonly NpmVersion[],
  { plugin, asked }: Package,
  { plugins, notAfter }: Selection,
): readonly NpmVersion[] {
  const range = (asked ?? plugins.find(({ name }) => name === plugin))?.range ?? '*'
  return versions
    .filter(({ version, published }) => {
      const isThere =
        notAfter === undefined || (published !== undefined && published <= limitOf(notAfter))
      return isThere && satisfies(version, range, { includePrerelease: true })
    })
    .toSorted((a, b) => rcompare(a.version, b.version))
    .slice(0, mostVersions)
}

/** A day counts to its end. */
const limitOf = (notAfter: string) => (notAfter.includes('T') ? notAfter : `${notAfter}T23:59:59Z`)

async function releaseIn(
  it: Package,
  { version, url, integrity }: NpmVersion,
  { limits }: Selection,
  options: FetchOptions,
): Promise<ReturnType<typeof releaseOf> | undefined> {
  const bytes = await contentOf(url, integrity, limits.archiveBytes, options)
  if ('code' in bytes) throw new Refused([bytes])
  const shown = `${it.package}@${version}`
  const files = await filesOfTarball(bytes, (path) => path === 'plugin.yaml', {
    ...limits,
    entryBytes: Math.min(limits.entryBytes, largestManifestBytes),
  })
  if (!files.isSafe)
    return { name: it.plugin, problems: [unsafeArchive(shown, files.broken, { integrity })] }
  const manifest = files.value.get('plugin.yaml')
  if (!manifest) return undefined
  return releaseOf(manifest.toString('utf8'), it.plugin, `npm:${shown}`, {
    folder: unpackedFolder(options.cacheDir, integrityOf(bytes)),
    origin: contentFile(options.cacheDir, integrity),
    integrity,
    url,
    npm: it.package,
    ...(it.asked ? { isOwn: true } : {}),
  })
}

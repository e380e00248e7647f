import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { unpackedFolder } from '../archive/unpack.ts'
import { download } from '../catalogue/download.ts'
import {
  archivePath,
  indexPath,
  readIndex,
  readReleases,
  releasesPath,
  type CatalogueIndex,
} from '../catalogue/layout.ts'
import { catalogueUnreachable, notACatalogue, notHere } from '../catalogue/problems.ts'
import { contentOf, type FetchOptions } from '../catalogue/content.ts'
import { contentFile, indexFile, keep } from '../catalogue/store.ts'
import { existsSync, readFileSync } from 'node:fs'
import type { Offered, Release } from '../model/release.ts'
import { hasOwnPlace, type Selection } from '../model/selection.ts'
import { neededBy } from './needed-by.ts'
import { releaseOf } from '../read/manifest-text.ts'

const largestListBytes = 32 * 1024 * 1024

interface FromCatalogues {
  readonly releases: readonly Release[]
  readonly broken: ReadonlyMap<string, readonly Problem[]>
}

/**
 * Reads the manifests of every plugin that can be reached from the selection, from the catalogues it names.
 *
 * The index is asked for at each build; whatever lies below it is known by its hash, and fetched once. A release that a
 * folder holds as well is taken from there.
 */
export async function catalogueReleases(
  selection: Selection,
  nearer: readonly Offered[],
  options: FetchOptions,
): Promise<FromCatalogues> {
  const releases: Release[] = []
  const broken = new Map<string, readonly Problem[]>()
  const known = new Set(nearer.map(({ name, version }) => `${name} ${version}`))
  const urls = selection.catalogues.map(({ value }) => value.replace(/\/+$/, ''))
  const indexes = await Promise.all(
    urls.map(async (url) => ({ url, index: await indexOf(url, options) })),
  )
  const asked = new Set(
    selection.plugins.filter((each) => !hasOwnPlace(each)).map(({ name }) => name),
  )
  for (const release of nearer) for (const name of neededBy(release)) asked.add(name)
  // Grows while it is walked: what a release needs is asked for as well.
  for (const name of asked)
    for (const { url, index } of indexes) {
      const sum = Object.hasOwn(index.plugins, name) ? index.plugins[name] : undefined
      if (sum === undefined) continue
      const read = await releasesOf(url, name, sum, options)
      if (read.problems.length > 0) broken.set(name, read.problems)
      for (const release of read.releases) {
        if (known.has(`${release.name} ${release.version}`)) continue
        known.add(`${release.name} ${release.version}`)
        releases.push(release)
        for (const needed of neededBy(release)) asked.add(needed)
      }
    }
  return { releases, broken }
}

async function indexOf(
  url: string,
  { cacheDir, isOffline }: FetchOptions,
): Promise<CatalogueIndex> {
  const at = `${url}/${indexPath}`
  const file = indexFile(cacheDir, url)
  if (isOffline && !existsSync(file)) throw new Refused([notHere(at)])
  const got = isOffline
    ? { isHere: true as const, bytes: readFileSync(file) }
    : await download(at, largestListBytes)
  if (!got.isHere) throw new Refused([catalogueUnreachable(at, got.because)])
  const index = readIndex(got.bytes)
  if (!index) throw new Refused([notACatalogue(at, 'It is no index of plugins.')])
  if (!isOffline) keep(file, got.bytes)
  return index
}

async function releasesOf(
  url: string,
  name: string,
  sum: string,
  options: FetchOptions,
): Promise<{ readonly releases: readonly Release[]; readonly problems: readonly Problem[] }> {
  const at = `${url}/${releasesPath(name)}`
  const bytes = await contentOf(at, sum, largestListBytes, options)
  if ('code' in bytes) throw new Refused([bytes])
  const list = readReleases(bytes)
  if (!list) throw new Refused([notACatalogue(at, 'It is no list of releases.')])
  const releases: Release[] = []
  const problems: Problem[] = []
  for (const { version, integrity, manifest } of list.releases) {
    const archive = `${url}/${archivePath(name, version)}`
    const read = releaseOf(manifest, name, archive, {
      folder: unpackedFolder(options.cacheDir, integrity),
      origin: contentFile(options.cacheDir, integrity),
      integrity,
      url: archive,
    })
    if (!('manifest' in read)) problems.push(...read.problems)
    else if (read.name !== name || read.version !== version)
      problems.push(
        notACatalogue(at, `${name} ${version} has the manifest of ${read.name} ${read.version}.`),
      )
    else releases.push(read)
  }
  return { releases, problems }
}

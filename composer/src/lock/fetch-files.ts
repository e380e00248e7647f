import { readFileSync } from 'node:fs'
import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import { archiveBytes, integrityOf } from '../archive/archive-bytes.ts'
import { readFolder } from '../archive/folder-rules.ts'
import { readArchive } from '../archive/index.ts'
import { unsafeArchive, unsafeFolder } from '../archive/problems.ts'
import { unpackInto } from '../archive/unpack.ts'
import { contentOf, type FetchOptions } from '../catalogue/content.ts'
import { isPartOfPlugin } from '../cache/folder-files.ts'
import { capabilitiesOf } from '../read/capabilities.ts'
import type { LockedEntry } from '../model/lock.ts'
import type { Fetched } from './packages.ts'
import type { Limits } from '../archive/limits.ts'
import { filesOfCommit } from '../git/commit-files.ts'
import { gitFailed } from '../git/problems.ts'
import { filesOfTarball } from '../npm/tarball.ts'
import type { Commit, Listed, Offered, Release } from '../model/release.ts'
import { factDifferences, listedFacts } from '../npm/listed-facts.ts'
import { noManifestInside, notAsListed } from '../npm/problems.ts'
import { releaseOf } from '../read/manifest-text.ts'
import type { SelectedPlugin, Selection } from '../model/selection.ts'
import { otherBytes, otherTree } from './problems.ts'
import { hashesOf, treeOf } from './tree.ts'

interface LockBefore {
  readonly entry: LockedEntry | undefined
  readonly shownLock: string
}

/** Brings the files of a release to its folder and hashes them; folders and archives under the same rules. */
export async function fetchFiles(
  release: Offered,
  selection: Selection,
  before: LockBefore | undefined,
  options: FetchOptions,
): Promise<Fetched | { readonly problems: readonly Problem[] }> {
  const asked = selection.plugins.find(({ name }) => name === release.name)
  const facts = asked === undefined ? [] : [[`${asked.at.file}:${asked.at.line}`, asked.text]]
  const { integrity } = release
  if (!release.isListed && release.commit)
    return ofCommit(release, release.commit, asked, before, selection.limits)
  if (integrity === undefined) {
    if (release.isListed) throw new Error(`${release.source} is listed without its hash`)
    const read = readFolder(release.folder, isPartOfPlugin, selection.limits)
    return read.isSafe
      ? locked(release, read.value)
      : { problems: [unsafeFolder(release.source, read.broken, facts)] }
  }
  const promised = before?.entry?.version === release.version ? before.entry.integrity : undefined
  if (before && promised !== undefined && promised !== integrity)
    return { problems: [otherBytes(release, promised, before.shownLock)] }
  if (release.url !== undefined) {
    const content = await contentOf(release.url, integrity, selection.limits.archiveBytes, options)
    if ('code' in content) return { problems: [content] }
  }
  if (release.isListed) return ofPackage(release, selection.limits, before, facts)
  const bytes = archiveBytes(release.origin, selection.limits)
  // Between `sources` and now it may have become another file.
  if (bytes.isSafe && integrityOf(bytes.value) !== integrity)
    return {
      problems: [
        otherBytes(
          { ...release, integrity: integrityOf(bytes.value) },
          integrity,
          before?.shownLock ?? selection.shownAs,
        ),
      ],
    }
  const read = bytes.isSafe ? readArchive(bytes.value, selection.limits) : bytes
  if (!read.isSafe)
    return { problems: [unsafeArchive(release.source, read.broken, { before: facts, integrity })] }
  return unpacked(release, new Map([...read.value].filter(([path]) => isPart(path))), before)
}

async function ofCommit(
  release: Release,
  commit: Commit,
  asked: SelectedPlugin | undefined,
  before: LockBefore | undefined,
  limits: Limits,
): Promise<Fetched | { readonly problems: readonly Problem[] }> {
  const read = await filesOfCommit(commit, isPart, limits)
  if ('because' in read) {
    if (!asked) throw new Error(`${release.name} comes from git, and nobody asked for it`)
    return { problems: [gitFailed(asked, read.because)] }
  }
  if (!read.isSafe) return { problems: [unsafeFolder(release.source, read.broken, [])] }
  return unpacked(release, read.value, before)
}

/** Nothing of a package was looked at before it was chosen: now what it holds is held against what was listed. */
async function ofPackage(
  listed: Listed,
  limits: Limits,
  before: LockBefore | undefined,
  facts: readonly Fact[],
): Promise<Fetched | { readonly problems: readonly Problem[] }> {
  const { source, folder, origin, isListed: _, ...from } = listed
  const read = await filesOfTarball(readFileSync(origin), isPart, limits)
  if (!read.isSafe) return { problems: [unsafeArchive(source, read.broken, { before: facts })] }
  const text = read.value.get('plugin.yaml')?.toString('utf8')
  if (text === undefined) return { problems: [noManifestInside(source)] }
  const release = releaseOf(text, listed.name, source, { ...from, folder, origin })
  if (!('manifest' in release)) return release
  const differences = factDifferences(
    { ...listed.manifest, version: listed.version },
    { ...listedFacts(release.manifest), version: release.version },
  )
  return differences.length > 0
    ? { problems: [notAsListed(source, differences)] }
    : unpacked(release, read.value, before)
}

/** What comes from afar lies in a folder of its own, and is the very tree that was locked. */
function unpacked(
  release: Release,
  bytes: ReadonlyMap<string, Buffer>,
  before: LockBefore | undefined,
): Fetched | { readonly problems: readonly Problem[] } {
  const found = locked(release, bytes)
  const entry = before?.entry
  const isSame =
    entry?.version === release.version &&
    entry.integrity === release.integrity &&
    entry.commit === release.commit?.id
  if (before && entry && isSame && entry.tree !== found.tree)
    return { problems: [otherTree(release, entry.tree, found.tree, before.shownLock)] }
  unpackInto(release.folder, bytes)
  return found
}

function locked(release: Release, bytes: ReadonlyMap<string, Buffer>): Fetched {
  const files = hashesOf(bytes)
  return {
    release,
    files,
    tree: treeOf(files),
    capabilities: capabilitiesOf(bytes, release.manifest),
    ...packageJsonIn(bytes),
  }
}

function packageJsonIn(bytes: ReadonlyMap<string, Buffer>) {
  const found = bytes.get('package.json')
  return found ? { packageJson: found } : {}
}

/** What an archive holds beyond the plugin, its tests and dotfiles, is left where it is. */
const isPart = (path: string) =>
  path
    .split('/')
    .every((_, at, all) => isPartOfPlugin(all.slice(0, at + 1).join('/'), at < all.length - 1))

import type { Problem } from '@bitcartcc/sdk/problem'
import { archiveBytes, integrityOf } from '../archive/archive-bytes.ts'
import { readFolder } from '../archive/folder-rules.ts'
import { readArchive } from '../archive/index.ts'
import { unsafeArchive, unsafeFolder } from '../archive/problems.ts'
import { unpackInto } from '../archive/unpack.ts'
import { contentOf, type FetchOptions } from '../catalogue/content.ts'
import { isPartOfPlugin } from '../cache/folder-files.ts'
import { capabilitiesOf } from '../read/capabilities.ts'
import type { LockedEntry, LockedPlugin } from '../model/lock.ts'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { otherBytes } from './problems.ts'
import { hashesOf, treeOf } from './tree.ts'

interface LockBefore {
  readonly entry: LockedEntry | undefined
  readonly shownLock: string
}

/** Brings the files of a release to its folder and hashes them; folders and archives under the same rules. */
export async function fetchFiles(
  release: Release,
  selection: Selection,
  before: LockBefore | undefined,
  options: FetchOptions,
): Promise<LockedPlugin | { readonly problem: Problem }> {
  const asked = selection.plugins.find(({ name }) => name === release.name)
  const facts = asked === undefined ? [] : [[`${asked.at.file}:${asked.at.line}`, asked.text]]
  const { integrity } = release
  if (integrity === undefined) {
    const read = readFolder(release.folder, isPartOfPlugin, selection.limits)
    return read.isSafe
      ? locked(release, read.value)
      : { problem: unsafeFolder(release.source, read.broken, facts) }
  }
  const promised = before?.entry?.version === release.version ? before.entry.integrity : undefined
  if (before && promised !== undefined && promised !== integrity)
    return { problem: otherBytes(release, promised, before.shownLock) }
  if (release.url !== undefined) {
    const content = await contentOf(release.url, integrity, selection.limits.archiveBytes, options)
    if ('code' in content) return { problem: content }
  }
  const bytes = archiveBytes(release.origin, selection.limits)
  // Between `sources` and now it may have become another file.
  if (bytes.isSafe && integrityOf(bytes.value) !== integrity)
    return {
      problem: otherBytes(
        { ...release, integrity: integrityOf(bytes.value) },
        integrity,
        before?.shownLock ?? selection.shownAs,
      ),
    }
  const read = bytes.isSafe ? readArchive(bytes.value, selection.limits) : bytes
  if (!read.isSafe)
    return { problem: unsafeArchive(release.source, read.broken, { before: facts, integrity }) }
  const files = new Map([...read.value].filter(([path]) => isPart(path)))
  unpackInto(release.folder, files)
  return locked(release, files)
}

function locked(release: Release, bytes: ReadonlyMap<string, Buffer>): LockedPlugin {
  const files = hashesOf(bytes)
  return {
    release,
    files,
    tree: treeOf(files),
    capabilities: capabilitiesOf(bytes, release.manifest),
  }
}

/** What an archive holds beyond the plugin, its tests and dotfiles, is left where it is. */
const isPart = (path: string) =>
  path
    .split('/')
    .every((_, at, all) => isPartOfPlugin(all.slice(0, at + 1).join('/'), at < all.length - 1))

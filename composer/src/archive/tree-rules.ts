import { collision } from './collisions.ts'
import { contentReason, pathReason, reservedReason } from './path-rules.ts'
import { breaks } from './rule.ts'
import type { Limits } from './limits.ts'

/** One thing in a tree of files, before it is read. */
export interface TreeEntry {
  readonly path: string
  readonly kind: 'file' | 'link' | 'special'
  readonly sizeBytes: number
  readonly read: () => Buffer
}

/**
 * Reads a tree of files under the rules of an archive, whatever it comes from: path → bytes, sorted.
 *
 * Only files with safe names, none that another one hides, within the limits. Breaks the first rule that is broken.
 */
export function readTree(
  entries: Iterable<TreeEntry>,
  limits: Limits,
): ReadonlyMap<string, Buffer> {
  const safe: TreeEntry[] = []
  for (const entry of entries) {
    refuseEntry(entry, limits)
    safe.push(entry)
    if (safe.length > limits.entries) breaks('E_ZIP_LIMIT', 'entries')
  }
  safe.sort((a, b) => (a.path < b.path ? -1 : 1))
  const met = collision(safe.map(({ path }) => ({ path, isFolder: false })))
  if (met) breaks('E_ZIP_COLLISION', met.reason, { name: safe[met.at]?.path ?? '' })
  let totalBytes = 0
  return new Map(
    safe.map(({ path, read }) => {
      const bytes = read()
      const reason = contentReason(path, bytes)
      if (reason !== undefined) breaks('E_ZIP_CONTENT', reason, { name: path })
      totalBytes += bytes.length
      if (totalBytes > limits.totalBytes) breaks('E_ZIP_LIMIT', 'total-size', { name: path })
      return [path, bytes]
    }),
  )
}

function refuseEntry({ path, kind, sizeBytes }: TreeEntry, limits: Limits): void {
  const unsafe = pathReason(path)
  if (unsafe !== undefined) breaks('E_ZIP_PATH', unsafe, { name: path })
  const reserved = reservedReason(path)
  if (reserved !== undefined) breaks('E_ZIP_CONTENT', reserved, { name: path })
  if (kind !== 'file') breaks('E_ZIP_TYPE', kind, { name: path })
  if (sizeBytes > limits.entryBytes) breaks('E_ZIP_LIMIT', 'entry-size', { name: path })
}

import { gunzipSync } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import type { Limits } from '../archive/limits.ts'
import { breaks, BrokenRule, outcomeOf, type Outcome } from '../archive/rule.ts'
import { readTree, type TreeEntry } from '../archive/tree-rules.ts'

/** The files of an npm package, without the folder all of them are in, under the rules of an archive. */
export async function filesOfTarball(
  bytes: Buffer,
  isPart: (path: string) => boolean,
  limits: Limits,
): Promise<Outcome<ReadonlyMap<string, Buffer>>> {
  try {
    const entries = (await entriesOf(bytes, limits)).filter(({ path }) => isPart(path))
    return outcomeOf(() => readTree(entries, limits))
  } catch (error) {
    if (error instanceof BrokenRule) return { isSafe: false, broken: error.broken }
    throw error
  }
}

async function entriesOf(bytes: Buffer, limits: Limits): Promise<readonly TreeEntry[]> {
  const tar = unzipped(bytes, limits)
  const entries = await unpackTar(tar, { strict: true }).catch(() =>
    breaks('E_ZIP_STRUCTURE', 'not-a-tarball'),
  )
  return entries
    .filter(({ header: { type } }) => type !== 'directory')
    .map(({ header: { name, type }, data }) => ({
      path: name.slice(name.indexOf('/') + 1),
      kind: type === 'file' ? 'file' : type === 'symlink' || type === 'link' ? 'link' : 'special',
      sizeBytes: data?.length ?? 0,
      read: () => Buffer.from(data ?? []),
    }))
}

function unzipped(bytes: Buffer, { totalBytes, entries }: Limits): Buffer {
  // Each entry has a header and padding beside its bytes.
  const largest = totalBytes + 2 * 1024 * entries
  try {
    return gunzipSync(bytes, { maxOutputLength: largest })
  } catch (error) {
    const isTooLarge =
      error instanceof RangeError || (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' // of zlib
    return isTooLarge
      ? breaks('E_ZIP_LIMIT', 'total-size')
      : breaks('E_ZIP_STRUCTURE', 'not-a-tarball')
  }
}

import type { Limits } from '../archive/limits.ts'
import { largestManifestBytes } from '../archive/limits.ts'
import { outcomeOf, type Outcome } from '../archive/rule.ts'
import { readTree, type TreeEntry } from '../archive/tree-rules.ts'
import type { Commit } from '../model/release.ts'
import { runGit } from './run-git.ts'

interface Blob {
  readonly path: string
  readonly kind: TreeEntry['kind']
  readonly id: string
  readonly sizeBytes: number
}
type Failed = { readonly because: string }

/** The text of `plugin.yaml` in a folder of a commit. */
export async function manifestOfCommit(commit: Commit): Promise<string | Failed> {
  const { repository, folder } = commit
  const blobs = await blobsOf(commit)
  if ('because' in blobs) return blobs
  const manifest = blobs.find(({ path, kind }) => path === 'plugin.yaml' && kind === 'file')
  if (!manifest)
    return { because: `The commit has no plugin.yaml${folder === '' ? '' : ` in ${folder}`}.` }
  if (manifest.sizeBytes > largestManifestBytes) return { because: 'Its plugin.yaml is too large.' }
  const read = await runGit(repository, ['cat-file', 'blob', manifest.id])
  return read.isDone ? read.bytes.toString('utf8') : read
}

/** The files of a plugin as they were committed, whatever a checkout would make of them, under the rules of an archive. */
export async function filesOfCommit(
  commit: Commit,
  isPart: (path: string) => boolean,
  limits: Limits,
): Promise<Outcome<ReadonlyMap<string, Buffer>> | Failed> {
  const all = await blobsOf(commit)
  if ('because' in all) return all
  const blobs = all.filter(({ path }) => isPart(path))
  const contents = new Map<string, Buffer>()
  let totalBytes = 0
  for (const { id, kind, sizeBytes } of blobs) {
    totalBytes += sizeBytes
    // What is too much is refused below by its size, unread.
    if (kind !== 'file' || sizeBytes > limits.entryBytes || totalBytes > limits.totalBytes) continue
    if (contents.has(id)) continue
    const read = await runGit(commit.repository, ['cat-file', 'blob', id])
    if (!read.isDone) return read
    contents.set(id, read.bytes)
  }
  return outcomeOf(() =>
    readTree(
      blobs.map(({ path, kind, id, sizeBytes }) => ({
        path,
        kind,
        sizeBytes,
        read: () => contents.get(id) ?? Buffer.alloc(sizeBytes),
      })),
      limits,
    ),
  )
}

async function blobsOf(commit: Commit): Promise<readonly Blob[] | Failed> {
  const tree = `${commit.id}:${commit.folder}`
  const listed = await runGit(commit.repository, ['ls-tree', '-r', '-z', '-l', '--full-tree', tree])
  if (!listed.isDone)
    return commit.folder !== '' && listed.because.includes('Not a valid object name')
      ? { because: `The commit has no folder ${commit.folder}.` }
      : listed
  return listed.bytes
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      // `100644 blob 8baef1b4abc478178b004d62031cf7fe6db6f903      12\tapi/routes.ts`
      const [, mode = '', , id = '', size = ''] =
        /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t/.exec(line) ?? []
      return {
        path: line.slice(line.indexOf('\t') + 1),
        kind:
          mode === '100644' || mode === '100755' ? 'file' : mode === '120000' ? 'link' : 'special',
        id,
        sizeBytes: Number(size) || 0,
      }
    })
}

import { packTar } from 'modern-tar'

/** What stands at one path of a layer. */
export type Entry =
  | { readonly bytes: Uint8Array; readonly isProgram?: boolean }
  | { readonly folderOf: number }

/** Path without a slash before or behind it → what stands there. */
export type Tree = ReadonlyMap<string, Entry>

/**
 * Writes one layer: an uncompressed tar whose bytes are a function of the tree alone.
 *
 * Sorted by the bytes of the paths, each folder once and before what is in it; owned by root, but for folders that name
 * another owner; at the epoch. Throws where a name would hide files of the layers below.
 */
export function layerTar(tree: Tree): Promise<Uint8Array> {
  const entries = new Map<string, Entry>()
  for (const [path, entry] of tree) {
    if (path.split('/').some((segment) => segment.startsWith('.wh.')))
      throw new Error(`${path} would hide a file of another layer`)
    for (const folder of foldersAbove(path))
      if (!entries.has(folder)) entries.set(folder, { folderOf: 0 })
    entries.set('bytes' in entry ? path : `${path}/`, entry)
  }
  return packTar(
    [...entries]
      .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map(([name, entry]) => {
        const isFile = 'bytes' in entry
        const owner = isFile ? 0 : entry.folderOf
        return {
          header: {
            name,
            type: isFile ? ('file' as const) : ('directory' as const),
            size: isFile ? entry.bytes.length : 0,
            mode: isFile && !entry.isProgram ? 0o644 : 0o755,
            uid: owner,
            gid: owner,
            mtime: new Date(0),
          },
          ...(isFile ? { body: entry.bytes } : {}),
        }
      }),
  )
}

/** `a/b/c` → `a/`, `a/b/`. */
const foldersAbove = (path: string): readonly string[] =>
  [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1))

interface Named {
  readonly path: string
  readonly isFolder: boolean
}
export interface Collision {
  readonly reason: 'duplicate' | 'case' | 'file-and-folder'
  /** Position of the later one in the list. */
  readonly at: number
}

/** The first path that meets an earlier one on some disk: twice the same, the same but for case or form, or a file where a folder is. */
export function collision(paths: readonly Named[]): Collision | undefined {
  const seen = new Map<string, { readonly path: string; readonly isFolder: boolean }>()
  const named = new Set<string>()
  for (const [at, { path, isFolder }] of paths.entries()) {
    const plain = path.replace(/\/$/, '')
    if (named.has(plain) && seen.get(keyOf(plain))?.isFolder === isFolder)
      return { reason: 'duplicate', at }
    named.add(plain)
    for (const each of withFolders(plain, isFolder)) {
      const key = keyOf(each.path)
      const known = seen.get(key)
      if (known && known.path !== each.path) return { reason: 'case', at }
      if (known && known.isFolder !== each.isFolder) return { reason: 'file-and-folder', at }
      seen.set(key, each)
    }
  }
  return undefined
}

function withFolders(path: string, isFolder: boolean): readonly Named[] {
  const segments = path.split('/')
  return segments.map((_, at) => ({
    path: segments.slice(0, at + 1).join('/'),
    isFolder: at < segments.length - 1 || isFolder,
  }))
}

/** One key for all spellings that some file system holds for one name; no locale has a say. */
const keyOf = (path: string) => path.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFC')

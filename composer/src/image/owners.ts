/** `vendor`, `core`, or the name of a plugin; undefined for what joins them, and for what several plugins share. */
export type FileOwner = string | undefined

/**
 * Tells whose each file of a distribution is, from its path and from who names it.
 *
 * The names of compiled files carry a hash of what is in them, so that a text that holds such a name loads that file.
 * A file that says by its own name neither core nor a plugin belongs to who loads it: to core before all plugins, to a plugin
 * where no other one does.
 */
export function fileOwners(
  files: ReadonlyMap<string, Uint8Array>,
  plugins: readonly string[],
): ReadonlyMap<string, FileOwner> {
  const compiled = [...files.keys()].filter((path) => isCompiled(path) && !path.endsWith('.gz'))
  const named = new Map(compiled.map((path) => [path, ownerByName(path, plugins)] as const))
  const loads = loadsOf(files, compiled)
  const loaders = new Map<string, Set<string>>()
  const reach = (path: string, owner: string) => {
    for (const next of loads.get(path) ?? []) {
      if (named.get(next) !== undefined) continue
      const known = loaders.get(next) ?? new Set()
      if (known.has(owner)) continue
      loaders.set(next, known.add(owner))
      reach(next, owner)
    }
  }
  for (const [path, owner] of named) if (owner !== undefined) reach(path, owner)
  const ownerOf = (path: string): FileOwner => {
    const [, plain = path] = /^(.*)\.gz$/.exec(path) ?? []
    const [, folder = ''] = /^(?:migrations|native)\/([^/]+)\/./.exec(path) ?? []
    if (folder !== '') return folder
    if (!isCompiled(plain)) return undefined
    return named.get(plain) ?? ownerByLoaders(plain, [...(loaders.get(plain) ?? [])])
  }
  return new Map([...files.keys()].map((path) => [path, ownerOf(path)]))
}

const isCompiled = (path: string) => /^(chunks|public\/(admin|store)\/assets)\/[^/]+$/.test(path)

/** `chunks/ratings-BbgLb_8K.js` → `ratings`; PGlite's own files have no hash. */
const nameOf = (path: string) => (path.split('/').at(-1) ?? '').replace(/(-[\w-]{8})?\.\w+$/, '')

function ownerByName(path: string, plugins: readonly string[]): FileOwner {
  const name = nameOf(path)
  if (plugins.includes(name)) return name
  if (/^core(-|$)/.test(name)) return 'core'
  return /^(vendor|vendor-pglite|rolldown-runtime|pglite|initdb)$/.test(name) ? 'vendor' : undefined
}

function ownerByLoaders(path: string, loaders: readonly string[]): FileOwner {
  if (loaders.includes('vendor')) return 'vendor'
  if (loaders.includes('core')) return nameOf(path).startsWith('vendor') ? 'vendor' : 'core'
  return loaders.length === 1 ? loaders[0] : undefined
}

/** Compiled file → the compiled files beside it whose names stand in it. */
function loadsOf(
  files: ReadonlyMap<string, Uint8Array>,
  compiled: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const cut = (path: string) => path.lastIndexOf('/')
  const byFolder = Map.groupBy(compiled, (path) => path.slice(0, cut(path)))
  return new Map(
    compiled
      .filter((path) => /\.(js|css)$/.test(path))
      .map((path) => {
        const text = Buffer.from(files.get(path) ?? []).toString('latin1')
        const beside = byFolder.get(path.slice(0, cut(path))) ?? []
        return [
          path,
          beside.filter((each) => each !== path && text.includes(each.slice(cut(each) + 1))),
        ]
      }),
  )
}

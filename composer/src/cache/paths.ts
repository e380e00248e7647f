import { join, resolve } from 'node:path'

/** Folders of this composer and of one build. All absolute. */
export interface Paths {
  /** `.compose/<distribution>`: generated files and staged plugins. */
  readonly work: string
  readonly cache: string
  /** The folder the distribution goes to: `dist/<distribution>`. */
  readonly out: string
}

/** Where one build works and writes; everything stands in the current folder but the cache, which may be moved. */
export function pathsOf(
  distribution: string,
  options: { cwd: string; out?: string | undefined; cacheDir?: string | undefined },
): Paths {
  const compose = join(options.cwd, '.compose')
  return {
    work: join(compose, distribution),
    cache: resolve(options.cwd, options.cacheDir ?? join(compose, 'cache')),
    out: join(resolve(options.cwd, options.out ?? 'dist'), distribution),
  }
}

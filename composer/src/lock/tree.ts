import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow } from '../cache/folder-files.ts'

/** Relative path → `sha256-…`, sorted; without node_modules, tests, dotfiles and plugin.gen.ts. */
export function hashesOf(folder: string): ReadonlyMap<string, string> {
  return new Map(
    filesBelow(folder)
      .filter((path) => path !== 'plugin.gen.ts')
      .map((path) => [
        path,
        `sha256-${createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('base64')}`,
      ]),
  )
}

/** `h1:…`: one hash over a list of files and their hashes. */
export function treeOf(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256')
  for (const [path, sum] of files) hash.update(`${sum}  ${path}\n`)
  return `h1:${hash.digest('base64')}`
}

const coreParts = ['admin', 'api', 'domain', 'sdk', 'server', 'store', 'ui', 'worker']

/** `h1:…` over core: sources, migrations and package.json of each part. */
export function coreTree(home: string): string {
  const files = new Map<string, string>()
  for (const part of coreParts)
    for (const below of ['src', 'migrations', '']) {
      const folder = join(home, 'core', part, below)
      if (below === '') {
        const sum = createHash('sha256')
          .update(readFileSync(join(folder, 'package.json')))
          .digest('base64')
        files.set(`core/${part}/package.json`, `sha256-${sum}`)
      } else if (existsSync(folder))
        for (const [path, sum] of hashesOf(folder)) files.set(`core/${part}/${below}/${path}`, sum)
    }
  return treeOf(files)
}

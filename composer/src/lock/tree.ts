import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow } from '../cache/folder-files.ts'

/** Relative path → `sha256-…` of its bytes, sorted. */
export function hashesOf(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, string> {
  return new Map(
    [...files]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, bytes]) => [path, hashOfFile(bytes)]),
  )
}

const hashOfFile = (bytes: Uint8Array) =>
  `sha256-${createHash('sha256').update(bytes).digest('base64')}`

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
        const sum = hashOfFile(readFileSync(join(folder, 'package.json')))
        files.set(`core/${part}/package.json`, sum)
      } else if (existsSync(folder))
        for (const path of filesBelow(folder))
          files.set(`core/${part}/${below}/${path}`, hashOfFile(readFileSync(join(folder, path))))
    }
  return treeOf(files)
}

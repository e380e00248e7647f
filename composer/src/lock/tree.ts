import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow } from '../cache/folder-files.ts'
import { hashOfFile } from '../cache/hash.ts'
import { roomFolder, rooms } from '../house.ts'

/** Relative path → `sha256-…` of its bytes, sorted. */
export function hashesOf(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, string> {
  return new Map(
    [...files]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, bytes]) => [path, hashOfFile(bytes)]),
  )
}

/** `h1:…`: one hash over a list of files and their hashes. */
export function treeOf(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256')
  for (const [path, sum] of files) hash.update(`${sum}  ${path}\n`)
  return `h1:${hash.digest('base64')}`
}

/** `h1:…` over core: sources, migrations, and the npm packages it asks for; the same in a workspace and as published. */
export function coreTree(): string {
  const files = new Map<string, string>()
  for (const room of rooms) {
    const folder = roomFolder(room)
    for (const below of ['src', 'migrations'])
      if (existsSync(join(folder, below)))
        for (const path of filesBelow(join(folder, below)))
          files.set(
            `core/${room}/${below}/${path}`,
            hashOfFile(readFileSync(join(folder, below, path))),
          )
    files.set(`core/${room}/package.json`, hashOfFile(Buffer.from(askedFor(folder))))
  }
  return treeOf(files)
}

/** What a package of core asks of npm; its own kind by their version, as pnpm publishes them. */
function askedFor(folder: string): string {
  const { version, dependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as { version: string; dependencies?: Readonly<Record<string, string>> } // npm's own format
  const ranges = Object.entries(dependencies)
    .map(([name, range]) => [name, range === 'workspace:*' ? version : range] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify({ version, dependencies: Object.fromEntries(ranges) })
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from './hash.ts'

const skipped = new Set(['node_modules', '.git', '.compose', 'dist', 'test', '.turbo'])

/** What lies at the top of its author's repository, and speaks of that. */
const ofTheRepository = new Set([
  'selection.yaml',
  'selection.lock',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
])

/** Whether a path inside of a plugin's folder is part of the plugin: not npm packages, tests, dotfiles, or what compose makes there. */
export function isPartOfPlugin(path: string, isFolder: boolean): boolean {
  const name = path.split('/').at(-1) ?? ''
  if (skipped.has(name) || name.startsWith('.') || ofTheRepository.has(path)) return false
  // What was packed here, and is no part of what is packed next.
  if (/^[a-z0-9-]+-\d+\.\d+\.\d+[^/]*\.bitcartcc$/.test(path)) return false
  return isFolder || (!name.endsWith('.test.ts') && path !== 'plugin.gen.ts')
}

/** Files below a folder, `/` between names, sorted by code point; without node_modules, tests and dotfiles. */
export function filesBelow(folder: string): readonly string[] {
  const found: string[] = []
  const walk = (below: string) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (skipped.has(entry.name) || entry.name.startsWith('.')) continue
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile() && !entry.name.endsWith('.test.ts')) found.push(path)
    }
  }
  walk('')
  return found.toSorted((a, b) => (a < b ? -1 : 1))
}

/** One hash over names and contents of all files below a folder. */
export function hashOfFolder(folder: string, only: (path: string) => boolean = () => true): string {
  return hashOf(
    ...filesBelow(folder)
      .filter(only)
      .flatMap((path) => [path, readFileSync(join(folder, path))]),
  )
}

import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { root } from './compose.ts'

export interface Import {
  /** The importing file, from the root, with `/`. */
  readonly file: string
  /** The workspace package it belongs to, as its folder: `core/sdk`. */
  readonly from: string
  /** As written: `./solver.ts`, `@bitcartcc/sdk/server`, `vue`. */
  readonly specifier: string
  /** The file a relative import means, from the root; undefined for a package. */
  readonly target?: string
}

const patterns = ['core/*', 'composer', 'plugins/*', 'test']
const left = /(^|\/)(node_modules|dist|\.compose|samples)(\/|$)/

/** The folders of all packages of the workspace, sorted. */
export async function packageFolders(): Promise<readonly string[]> {
  const found: string[] = []
  for (const pattern of patterns)
    for await (const file of glob(`${pattern}/package.json`, { cwd: root }))
      found.push(dirname(slashed(file)))
  return found.toSorted()
}

/** Every import and re-export of the workspace's own sources, `import()` too. */
export async function importsOf(folders: readonly string[]): Promise<readonly Import[]> {
  const found: Import[] = []
  for (const from of folders) {
    const cwd = join(root, from)
    const files = glob('**/*.{ts,mts,mjs,js,vue}', {
      cwd,
      exclude: (name) => left.test(slashed(name)),
    })
    for await (const inside of files) {
      const file = `${from}/${slashed(inside)}`
      for (const specifier of specifiersOf(join(root, file))) {
        if (isBuiltin(specifier)) continue
        found.push(
          specifier.startsWith('.')
            ? { file, from, specifier, target: slashed(join(dirname(file), specifier)) }
            : { file, from, specifier },
        )
      }
    }
  }
  return found.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
}

function specifiersOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8')
  const scripts = path.endsWith('.vue')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '')
    : [text]
  return scripts.flatMap((script) =>
    ts.preProcessFile(script, true, true).importedFiles.map((one) => one.fileName),
  )
}

const slashed = (path: string) => path.replaceAll('\\', '/')

/** The package of a specifier: `@bitcartcc/sdk/server` → `@bitcartcc/sdk`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Names and declared dependencies of the packages, by folder; the root is `.`. */
export function manifestOf(folder: string): { name: string; declares: ReadonlySet<string> } {
  const text = readFileSync(join(root, folder, 'package.json'), 'utf8')
  const { name, dependencies, devDependencies, optionalDependencies, peerDependencies } =
    JSON.parse(text) as Record<string, string & Record<string, string>> // package.json's shape
  const declared = [dependencies, devDependencies, optionalDependencies, peerDependencies]
  return {
    name: name ?? folder,
    declares: new Set(declared.flatMap((list) => Object.keys(list ?? {}))),
  }
}

export const isInside = (target: string, folder: string) =>
  !relative(folder, target).startsWith('..')

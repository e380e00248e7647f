import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import { ownPlugins } from '../house.ts'
import type { SelectedPlugin, Selection } from '../model/selection.ts'
import { noArchive, noFolder } from './problems.ts'

/** A folder or an archive that holds one release. */
export interface Found {
  /** Absolute. */
  readonly path: string
  readonly isArchive: boolean
  /** Who asked for this very place. */
  readonly asked?: SelectedPlugin
}

/** Every place a release may lie in: what the selection's folders hold, and what its plugins name. */
export function foundReleases(selection: Selection): {
  readonly found: readonly Found[]
  readonly problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const found: Found[] = []
  const own = new Set(selection.plugins.flatMap(({ path }) => (path === undefined ? [] : [path])))
  for (const source of selection.sources) {
    if (isFolder(source.value))
      found.push(...releasesIn(source.value).filter(({ path }) => !own.has(path)))
    else if (source.at.file === selection.shownAs && isWritten(selection, source.value))
      problems.push(noFolder(shownAs(source.value, selection), source.at))
  }
  for (const asked of selection.plugins) {
    const { path, at, text, isArchive = false } = asked
    if (path === undefined) continue
    if (isArchive ? isFile(path) : existsSync(join(path, 'plugin.yaml')))
      found.push({ path, isArchive, asked })
    else if (isArchive) problems.push(noArchive(shownAs(path, selection), at, text))
    else problems.push(noFolder(shownAs(path, selection), at, text))
  }
  return { found, problems }
}

/** How a folder or archive is named: from the selection, or from the workspace for what lies there. */
export function shownAs(path: string, selection: Selection): string {
  if (dirname(path) === ownPlugins) return `plugins/${basename(path)}`
  return relative(selection.folder, path).replaceAll('\\', '/')
}

const isWritten = (selection: Selection, folder: string) =>
  folder !== join(selection.folder, 'plugins') && folder !== ownPlugins

const releasesIn = (source: string): readonly Found[] =>
  readdirSync(source)
    .toSorted()
    .map((name) => join(source, name))
    .flatMap((path): readonly Found[] => {
      if (path.endsWith('.bitcartcc') && isFile(path)) return [{ path, isArchive: true }]
      return isFolder(path) && existsSync(join(path, 'plugin.yaml'))
        ? [{ path, isArchive: false }]
        : []
    })

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import valid from 'semver/functions/valid.js'
import validRange from 'semver/ranges/valid.js'
import { Manifest } from '@bitcartcc/sdk/manifest'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { home } from '../cache/paths.ts'
import type { Catalog, Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { misfitProblems } from '../read/misfit-problems.ts'
import { misfits, type Schema } from '../read/misfits.ts'
import { readYaml, type Path, type YamlFile } from '../read/yaml-file.ts'
import { noFolder, notAVersion, twoReleases } from './problems.ts'

/** Reads the manifest of every plugin that the selection's sources hold. */
export async function readCatalog(selection: Selection): Promise<Catalog> {
  const problems: Problem[] = []
  const folders: { readonly folder: string; readonly isOwn: boolean }[] = []
  for (const source of selection.sources) {
    if (existsSync(source.value))
      folders.push(...pluginFolders(source.value).map((folder) => ({ folder, isOwn: false })))
    else if (source.at.file === selection.shownAs && isWritten(selection, source.value))
      problems.push(noFolder(shown(source.value, selection), source.at))
  }
  for (const { path, at, text } of selection.plugins) {
    if (path === undefined) continue
    if (existsSync(join(path, 'plugin.yaml'))) folders.push({ folder: path, isOwn: true })
    else problems.push(noFolder(shown(path, selection), at, text))
  }
  const releases: Release[] = []
  const broken = new Map<string, readonly Problem[]>()
  const ownPaths = new Set(
    selection.plugins.flatMap(({ path }) => (path === undefined ? [] : [path])),
  )
  for (const { folder, isOwn } of folders) {
    if (!isOwn && ownPaths.has(folder)) continue
    const read = readRelease(folder, shown(folder, selection))
    if ('manifest' in read) releases.push(read)
    else broken.set(read.name, read.problems)
  }
  problems.push(...doubles(releases, selection))
  if (problems.length > 0) throw new Refused(problems)
  return { core: { version: coreVersion() }, releases, broken }
}

/** Version of the core that stands in this composer's workspace. */
export function coreVersion(): string {
  const { version } = JSON.parse(readFileSync(join(home, 'core/sdk/package.json'), 'utf8')) as {
    version: string
  } // our own file
  return version
}

const isWritten = (selection: Selection, folder: string) =>
  folder !== join(selection.folder, 'plugins') && folder !== join(home, 'plugins')

const pluginFolders = (source: string): readonly string[] =>
  readdirSync(source)
    .filter(
      (name) =>
        existsSync(join(source, name, 'plugin.yaml')) && statSync(join(source, name)).isDirectory(),
    )
    .toSorted()
    .map((name) => join(source, name))

/** How a folder is named: from the selection, or from the workspace for what lies there. */
function shown(folder: string, selection: Selection): string {
  const isOurs = dirname(folder) === join(home, 'plugins')
  if (isOurs) return `plugins/${basename(folder)}`
  const path = relative(selection.folder, folder)
  return path.replaceAll('\\', '/')
}

interface Broken {
  readonly name: string
  readonly problems: readonly Problem[]
}

function readRelease(folder: string, source: string): Release | Broken {
  const shownAs = `${source}/plugin.yaml`
  const name = basename(folder)
  const read = readYaml(
    readFileSync(join(folder, 'plugin.yaml'), 'utf8'),
    shownAs,
    'sources/not-yaml',
  )
  if (!('value' in read)) return { name, problems: read }
  const wrong = misfits(Manifest as Schema, read.value) // TypeBox's schemas are JSON Schema
  const named = (read.value as { name?: unknown } | null)?.name
  const known = typeof named === 'string' ? named : name
  if (wrong.length > 0)
    return { name: known, problems: misfitProblems(wrong, read, 'sources', shownAs) }
  const manifest = read.value as Manifest // its schema let it through
  const versions = versionProblems(manifest, read)
  if (versions.length > 0) return { name: known, problems: versions }
  const owner = `${manifest.name} ${manifest.version}`
  const at = (...path: Path) => ({ ...read.at(...path), file: `${owner} plugin.yaml` })
  return {
    name: manifest.name,
    version: manifest.version,
    manifest,
    folder,
    source,
    at,
    lineAt: read.lineAt,
  }
}

function versionProblems({ version, requires }: Manifest, read: YamlFile): readonly Problem[] {
  const ranges: readonly (readonly [Path, string])[] = [
    [['requires', 'bitcartcc'], requires.bitcartcc],
    ...(requires.node === undefined ? [] : [[['requires', 'node'], requires.node] as const]),
    ...(['plugins', 'optional', 'conflicts'] as const).flatMap((key) =>
      Object.entries(requires[key] ?? {}).map(
        ([name, range]) => [['requires', key, name], range] as const,
      ),
    ),
  ]
  return [
    ...(valid(version) === version
      ? []
      : [notAVersion(version, 'a version like 1.0.0', read.at('version'), read.lineAt('version'))]),
    ...ranges
      .filter(([, range]) => validRange(range) === null)
      .map(([path, range]) =>
        notAVersion(range, 'a range like ^1.0.0', read.at(...path), read.lineAt(...path)),
      ),
  ]
}

function doubles(releases: readonly Release[], selection: Selection): readonly Problem[] {
  const selected = new Map(selection.plugins.map((each) => [each.name, each]))
  return [...Map.groupBy(releases, ({ name, version }) => `${name} ${version}`).values()].flatMap(
    (same) => {
      const [first, second] = same
      return first && second && !selected.get(first.name)?.path ? [twoReleases(first, second)] : []
    },
  )
}

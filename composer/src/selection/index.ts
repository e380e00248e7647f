import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { builtInLimits, type Limits } from '../archive/limits.ts'
import { ownPlugins } from '../house.ts'
import type { Located } from '../model/place.ts'
import type { Platform } from '../model/platform.ts'
import type {
  PluginGrants,
  PrereleasePolicy,
  SelectedPlugin,
  Selection,
} from '../model/selection.ts'
import { misfitProblems } from '../read/misfit-problems.ts'
import { misfits } from '../read/misfits.ts'
import { nearest } from '../read/nearest.ts'
import { isRange } from '../read/range.ts'
import { readYaml, type Path, type YamlFile } from '../read/yaml-file.ts'
import { shown } from '../views/shown.ts'
import { noSelection, notARange } from './problems.ts'
import { selectionSchema } from './schema.ts'

/** `selection.yaml` as its schema lets it through. */
interface Written {
  readonly distribution: string
  readonly core: string
  readonly sources?: readonly (
    | { readonly folder: string }
    | { readonly catalogue: string }
    | { readonly npm: string | true }
  )[]
  readonly plugins: Table<string | OwnPlugin>
  readonly deployment?: {
    readonly [key in 'host' | 'mode' | 'database' | 'proxy' | 'images']?: string
  } & {
    readonly coreImages?: Table<string>
    readonly replicas?: { readonly api?: number; readonly worker?: number }
    readonly platforms?: readonly Platform[]
  }
  readonly settings?: Table<Table<unknown>>
  readonly grants?: Table<PluginGrants>
  readonly limits?: Partial<Limits>
  readonly force?: Table<unknown>
  readonly removed?: Table<'keep' | 'export' | 'drop'>
  readonly overrides?: Table<string>
  readonly notAfter?: string
  readonly prerelease?: PrereleasePolicy | Table<PrereleasePolicy>
}
/** One that says where it lies: a folder or an archive. */
type OwnPlugin = { readonly version?: string } & (
  | { readonly path: string }
  | { readonly archive: string }
  | { readonly npm: string }
  | { readonly git: string; readonly revision: string; readonly folder?: string }
)
type Table<T> = Readonly<Record<string, T>>

/** Reads what the operator asked for; refuses with everything that is wrong in the file. */
export async function readSelection(path: string): Promise<Selection> {
  const file = resolve(path)
  const shownAs = relative(process.cwd(), file).replaceAll('\\', '/') || path
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat?.isFile()) {
    const isFolder = stat?.isDirectory() ?? false
    throw new Refused([noSelection(shownAs, isFolder, meant(file, isFolder))])
  }
  const read = readYaml(readFileSync(file, 'utf8'), shownAs, 'selection/not-yaml')
  if (!('value' in read)) throw new Refused(read)
  const wrong = misfits(selectionSchema, read.value)
  if (wrong.length > 0) throw new Refused(misfitProblems(wrong, read, 'selection', shownAs))
  const written = read.value as Written // its schema let it through
  const problems = rangeProblems(written, read)
  if (problems.length > 0) throw new Refused(problems)
  return located(written, read, file)
}

/** The selection in the folder that was named, or in the one where the file is not. */
function meant(file: string, isFolder: boolean): string | undefined {
  const folder = isFolder ? file : dirname(file)
  if (!existsSync(folder)) return undefined
  const selections = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => /^distribution:/m.test(readFileSync(join(folder, name), 'utf8')))
  const name =
    selections.length === 1
      ? selections[0]
      : nearest(isFolder ? 'selection.yaml' : basename(file), selections)
  return name === undefined ? undefined : shown(join(folder, name))
}

function rangeProblems({ core, plugins, overrides }: Written, read: YamlFile): readonly Problem[] {
  const ranges: readonly (readonly [Path, string])[] = [
    [['core'], core],
    ...Object.entries(plugins).map(([name, asked]) => [['plugins', name], rangeOf(asked)] as const),
    ...Object.entries(overrides ?? {}).map(
      ([name, range]) => [['overrides', name], range] as const,
    ),
  ]
  return ranges
    .filter(([, range]) => !isRange(range))
    .map(([where, range]) => notARange(range, read.at(...where), read.lineAt(...where)))
}

const rangeOf = (asked: Written['plugins'][string]) =>
  typeof asked === 'string' ? asked : (asked.version ?? '*')

function located(written: Written, read: YamlFile, file: string): Selection {
  const folder = dirname(file)
  const locate = <T>(value: T, ...path: Path): Located<T> => ({ value, at: read.at(...path) })
  const deployment = <T extends string>(
    key: 'host' | 'mode' | 'database' | 'proxy' | 'images',
    otherwise: T,
  ) => locate((written.deployment?.[key] ?? otherwise) as T, 'deployment', key) // a word its schema knows
  const byPlugin = <T>(
    key: 'grants' | 'force' | 'overrides' | 'removed',
    table: Table<T> | undefined,
  ) => new Map(sorted(table).map(([name, value]) => [name, locate(value, key, name)] as const))
  return {
    file,
    shownAs: read.shownAs,
    folder,
    distribution: locate(written.distribution, 'distribution'),
    core: locate(written.core, 'core'),
    sources: foldersOf(written, folder).map(({ value, at }) => locate(value, 'sources', at)),
    catalogues: (written.sources ?? []).flatMap((each, at) =>
      'catalogue' in each ? [locate(each.catalogue, 'sources', at)] : [],
    ),
    registries: (written.sources ?? []).flatMap((each, at) =>
      'npm' in each ? [locate(each.npm === true ? 'default' : each.npm, 'sources', at)] : [],
    ),
    plugins: sorted(written.plugins).map(([name, asked]) => selected(name, asked, read, folder)),
    deployment: {
      host: deployment('host', 'localhost'),
      mode: deployment('mode', 'one-domain'),
      database: deployment('database', 'embedded'),
      proxy: deployment('proxy', 'caddy'),
      images: deployment('images', 'pinned'),
      coreImages: written.deployment?.coreImages ?? {},
      replicas: locate(
        { api: 1, worker: 1, ...written.deployment?.replicas },
        'deployment',
        'replicas',
      ),
      platforms: locate(
        [...new Set(written.deployment?.platforms)].toSorted(),
        'deployment',
        'platforms',
      ),
    },
    settings: new Map(
      sorted(written.settings).map(([name, values]) => [
        name,
        new Map(
          sorted(values).map(
            ([key, value]) => [key, locate(value, 'settings', name, key)] as const,
          ),
        ),
      ]),
    ),
    settingsAt: read.at('settings'),
    grants: byPlugin('grants', written.grants),
    force: byPlugin('force', written.force),
    limits: { ...builtInLimits, ...written.limits },
    removed: byPlugin('removed', written.removed),
    notAfter: written.notAfter,
    overrides: byPlugin('overrides', written.overrides),
    prerelease: new Map(
      typeof written.prerelease === 'string'
        ? [['default', written.prerelease]]
        : sorted(written.prerelease),
    ),
  }
}

/** The folders the selection names, or `plugins` beside it; then the plugins we ship. */
function foldersOf(
  { sources }: Written,
  folder: string,
): readonly { readonly value: string; readonly at: number }[] {
  const beside = join(folder, 'plugins')
  const named =
    sources?.flatMap((each, at) =>
      'folder' in each ? [{ value: resolve(folder, each.folder), at }] : [],
    ) ?? (existsSync(beside) ? [{ value: beside, at: 0 }] : [])
  return named.some(({ value }) => value === ownPlugins)
    ? named
    : [...named, { value: ownPlugins, at: sources?.length ?? named.length }]
}

function selected(
  name: string,
  asked: Written['plugins'][string],
  read: YamlFile,
  folder: string,
): SelectedPlugin {
  return {
    name,
    range: rangeOf(asked),
    ...(typeof asked === 'string' ? {} : placeOf(asked, folder)),
    at: read.at('plugins', name),
    text: read.lineAt('plugins', name),
  }
}

function placeOf(asked: OwnPlugin, folder: string): Partial<SelectedPlugin> {
  if ('archive' in asked) return { path: resolve(folder, asked.archive), isArchive: true }
  if ('npm' in asked) return { npm: asked.npm }
  if ('git' in asked)
    return {
      git: {
        url: asked.git,
        revision: asked.revision,
        folder: (asked.folder ?? '').replace(/\/+$/, ''),
      },
    }
  return { path: resolve(folder, asked.path) }
}

const sorted = <T>(table: Table<T> | undefined): readonly (readonly [string, T])[] =>
  Object.entries(table ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))

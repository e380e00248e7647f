import type { Release } from '../model/release.ts'
import type { PrereleasePolicy, SelectedPlugin, Selection } from '../model/selection.ts'
import { builtInLimits } from '../archive/limits.ts'

type Table = Readonly<Record<string, string>>

/** A release in short: `{ plugins: { ledger: '^2.0.0' } }`. */
export interface Says {
  readonly plugins?: Table
  readonly optional?: Table
  readonly conflicts?: Table
  readonly core?: string
  readonly node?: string
  readonly provides?: readonly string[]
  readonly exclusive?: readonly string[]
}
/** Plugin → version → what its manifest says. */
export type Shop = Readonly<Record<string, Readonly<Record<string, Says>>>>

export const releasesOf = (shop: Shop): readonly Release[] =>
  Object.entries(shop).flatMap(([name, versions]) =>
    Object.entries(versions).map(([version, says]) => release(name, version, says)),
  )

export function release(name: string, version: string, says: Says = {}): Release {
  return {
    name,
    version,
    manifest: {
      name,
      version,
      title: name,
      description: name,
      author: 'a test',
      license: 'MIT',
      requires: {
        bitcartcc: says.core ?? '*',
        ...(says.node === undefined ? {} : { node: says.node }),
        ...(says.plugins ? { plugins: { ...says.plugins } } : {}),
        ...(says.optional ? { optional: { ...says.optional } } : {}),
        ...(says.conflicts ? { conflicts: { ...says.conflicts } } : {}),
      },
      ...(says.provides ? { provides: [...says.provides] } : {}),
      ...(says.exclusive ? { exclusive: [...says.exclusive] } : {}),
      contributes: {},
    },
    folder: `/plugins/${name}-${version}`,
    origin: `/plugins/${name}-${version}`,
    source: `plugins/${name}-${version}`,
    at: () => ({ file: `${name} ${version} plugin.yaml`, line: 1, column: 1 }),
    lineAt: (...path) => path.join('.'),
  }
}

export interface Asks {
  /** Of core; stands on line 2. Default: any. */
  readonly core?: string
  readonly overrides?: Table
  readonly prerelease?: Readonly<Record<string, PrereleasePolicy>>
}

/** A selection that asks for these ranges, a line each from line 4 on. */
export function selectionOf(
  plugins: Table,
  { core = '*', overrides = {}, prerelease = {} }: Asks = {},
): Selection {
  const located = <T>(value: T, line = 1) => ({
    value,
    at: { file: 'selection.yaml', line, column: 1 },
  })
  return {
    file: '/shop/selection.yaml',
    shownAs: 'selection.yaml',
    folder: '/shop',
    distribution: located('shop'),
    core: located(core, 2),
    sources: [],
    catalogues: [],
    registries: [],
    notAfter: undefined,
    plugins: Object.entries(plugins)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, range], at): SelectedPlugin => ({
        name,
        range,
        at: { file: 'selection.yaml', line: at + 4, column: 1 },
        text: `${name}: ${range}`,
      })),
    deployment: {
      host: located('localhost'),
      mode: located('one-domain'),
      database: located('embedded'),
      proxy: located('caddy'),
      images: located('tags'),
      coreImages: {},
      replicas: located({ api: 1, worker: 1 }),
      platforms: located([]),
    },
    settings: new Map(),
    settingsAt: { file: 'selection.yaml', line: 1, column: 1 },
    grants: new Map(),
    force: new Map(),
    limits: builtInLimits,
    overrides: new Map(
      Object.entries(overrides).map(([name, range]) => [name, located(range, 20)]),
    ),
    prerelease: new Map(Object.entries(prerelease)),
    removed: new Map(),
  }
}

import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'

/** What somebody asks of core or of a plugin, and what meets it. */
export interface Requirement {
  readonly name: string
  readonly version: string
  readonly range: string
  /** The capability that was asked for, where it was not the plugin by its name. */
  readonly as?: string
  /** A line of the selection, or a plugin. */
  readonly from:
    | { readonly file: string; readonly line: number; readonly text: string }
    | { readonly name: string; readonly version: string }
}

/** Gives every range that core fits: the selection's, then those of the plugins. */
export const requirementsOfCore = (
  version: string,
  plugins: readonly Release[],
  { core: { value, at } }: Selection,
): readonly Requirement[] => [
  {
    name: 'core',
    version,
    range: value,
    from: { file: at.file, line: at.line, text: `core: ${value}` },
  },
  ...plugins.map((each) => ({
    name: 'core',
    version,
    range: each.manifest.requires.bitcartcc,
    from: { name: each.name, version: each.version },
  })),
]

/** Gives every chain that leads from the selection to a plugin, its own line first; no plugin is twice in one. */
export function requirementChains(
  { name, version, manifest }: Release,
  plugins: readonly Release[],
  selection: Selection,
  below: readonly string[] = [],
): readonly (readonly Requirement[])[] {
  const own = selection.plugins
    .filter((each) => each.name === name)
    .map(({ range, text, at: { file, line } }) => [
      { name, version, range, from: { file, line, text } },
    ])
  const provided = new Set([name, ...(manifest.provides ?? [])])
  const through = plugins.flatMap((asker) =>
    Object.entries(asker.manifest.requires.plugins ?? {}).flatMap(([to, range]) => {
      if (!provided.has(to) || asker.name === name || below.includes(asker.name)) return []
      const last = {
        name,
        version,
        range,
        ...(to === name ? {} : { as: to }),
        from: { name: asker.name, version: asker.version },
      }
      return requirementChains(asker, plugins, selection, [...below, name]).map((chain) => [
        ...chain,
        last,
      ])
    }),
  )
  return [...own, ...through]
}

/** `selection.yaml:4   ledger: ^1.0.0`, `loyalty 1.0.0 needs ledger ^1.0.0` */
export const requirementText = ({ name, as = name, range, from }: Requirement): string =>
  'file' in from
    ? `${from.file}:${from.line}   ${from.text}`
    : `${from.name} ${from.version} needs ${as} ${range}`

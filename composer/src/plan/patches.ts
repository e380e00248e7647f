import type { OpenRule } from '@bitcartcc/sdk/manifest'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Selection } from '../model/selection.ts'
import { nearest } from '../read/nearest.ts'
import { coreOpens } from './core-opens.ts'
import { isForced } from './document.ts'
import { merge } from './merge-rules.ts'
import { rowOf } from './places.ts'
import { notOpened, noSuchService, patchConflict } from './sharing-problems.ts'
import type { PluginService } from './services.ts'
import { tableOf, type Sourced, type Table } from './sourced.ts'

type Opens = Readonly<Record<string, OpenRule>>

/** Merges what plugins add to services of others, in the order of their names, each path by the rule its owner gave it. */
export function applyPatches(
  services: Table,
  all: readonly PluginService[],
  patches: readonly PluginService[],
  written: ReadonlyMap<PluginService, Table>,
  selection: Selection,
): { readonly services: Table; readonly problems: readonly Problem[] } {
  const merged = new Map(services.entries)
  const problems: Problem[] = []
  // What was made here for one patch takes in the next.
  const made = new Map<Sourced | undefined, Map<string, Sourced>>()
  for (const patch of patches) {
    const target = merged.get(patch.name)
    if (!target) {
      problems.push(...absent(patch, [...merged.keys()]))
      continue
    }
    const opens = opensOf(patch.name, all)
    const opened = Object.keys(opens)
    const put = (
      base: Sourced | undefined,
      top: Sourced,
      path: string,
      above?: OpenRule,
    ): Sourced => {
      const rule = opens[path] ?? above
      const isAbove = () => opened.some((each) => path === '' || each.startsWith(`${path}.`))
      if (top.kind === 'table' && base?.kind !== 'list' && (rule !== undefined || isAbove())) {
        const known = made.get(base)
        const entries = known ?? new Map(base?.kind === 'table' ? base.entries : [])
        for (const [key, inner] of top.entries)
          entries.set(key, put(entries.get(key), inner, path === '' ? key : `${path}.${key}`, rule))
        if (known && base) return base
        const table: Sourced = { kind: 'table', entries }
        made.set(table, entries)
        return table
      }
      if (rule === undefined) {
        const fact = patch.own.writtenAt(...path.split('.'))
        problems.push(notOpened(patch.name, path, fact, opened))
        return base ?? top
      }
      const done = base ? merge(rule, base, top, path) : { node: top }
      if ('node' in done) return done.node
      if (!isForced(`services.${patch.name}.${path}`, selection))
        problems.push(patchConflict(patch.name, done.clash, selection))
      return base ?? top
    }
    merged.set(patch.name, put(target, written.get(patch) ?? tableOf([]), ''))
  }
  return { services: tableOf(merged), problems }
}

function opensOf(name: string, all: readonly PluginService[]): Opens {
  const owner = all.find((each) => each.name === name)
  if (!owner) return coreOpens[name] ?? {}
  const { services } = owner.plugin.release.manifest.contributes
  return (typeof services === 'object' ? services.opens?.[owner.own.name] : undefined) ?? {}
}

/** A service that is not in the distribution: dropped where the manifest says `optional`. */
function absent(
  { plugin: { release }, name }: PluginService,
  known: readonly string[],
): readonly Problem[] {
  const { services } = release.manifest.contributes
  const isOptional = typeof services === 'object' && services.patches?.[name] === 'optional'
  return isOptional
    ? []
    : [
        noSuchService(
          name,
          rowOf(release, 'contributes', 'services', 'patches', name),
          nearest(name, known),
        ),
      ]
}

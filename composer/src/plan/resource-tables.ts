import type { PluginFile } from '../model/plan.ts'
import type { Resource } from './fragment-resources.ts'
import { mergedName } from './merged-name.ts'
import { fragmentFile } from './service-document.ts'
import type { OwnFragment } from './services.ts'
import { originAt, sourced, tableOf, type Table } from './sourced.ts'

/** The volumes, networks and secrets of all fragments, under the names of their plugins. Configs become mounts. */
export const resourceTables = (fragments: readonly OwnFragment[]): Table =>
  tableOf(
    (['volumes', 'networks', 'secrets'] as const).flatMap((kind) => {
      const found = fragments.flatMap(({ plugin: { release }, fragment }) =>
        fragment.resources
          .filter((each) => each.kind === kind)
          .map(
            (each) =>
              [
                mergedName(release.name, each.name),
                sourced(valueOf(each, release.name), (path) => originAt(each.fact(...path))),
              ] as const,
          ),
      )
      return found.length === 0 ? [] : [[kind, tableOf(found)] as const]
    }),
  )

function valueOf(resource: Resource, plugin: string): Record<string, unknown> {
  if (resource.external !== undefined) return { external: true, name: resource.external }
  if (resource.file !== undefined) return { file: fragmentFile(plugin, resource.file) }
  return resource.isInternal ? { internal: true } : {}
}

/** The files of plugins that configs and secrets name, sorted; each once. */
export function resourceFiles(fragments: readonly OwnFragment[]): readonly PluginFile[] {
  const found = fragments.flatMap(({ plugin: { release }, fragment }) =>
    fragment.resources.flatMap(({ file }) =>
      file === undefined ? [] : [{ plugin: release.name, file }],
    ),
  )
  const byPath = new Map(found.map((each) => [`${each.plugin}/${each.file}`, each]))
  return [...byPath].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}

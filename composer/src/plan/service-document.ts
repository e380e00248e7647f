import { serviceTokenName } from '@bitcartcc/sdk/manifest'
import type { Origin } from '../model/origin.ts'
import type { PlannedService } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import { always, ownImage } from './core-services.ts'
import { granted, publishedOf } from './host-ports.ts'
import { mergedName } from './merged-name.ts'
import { rowOf } from './places.ts'
import type { PluginService } from './services.ts'
import { originAt, sourcedTable, tableOver, type Table, type ValuePath } from './sourced.ts'

/** One service of a plugin as it stands in the merged file: what every service gets, what its fragment says, and its program. */
export function serviceTable(service: PluginService, selection: Selection): Table {
  const { plugin, own, planned } = service
  const byDefault: Origin = { by: 'core', as: 'default' }
  const isGranted = granted(planned.plugin, own.name, selection) !== undefined
  const defaults = sourcedTable(
    {
      ...always,
      deploy: { resources: { limits: { memory: '256m' } } },
      networks: { [planned.plugin]: {} },
      restart: 'unless-stopped',
    },
    () => byDefault,
  )
  const written = sourcedTable(valuesOf(service, selection), (path) =>
    path[0] === 'ports' && path[2] === 'published' && isGranted
      ? { by: 'selection', as: `grants.${planned.plugin}.ports.${own.name}` }
      : originAt(own.writtenAt(...ownPath(path, service))),
  )
  const merged = tableOver(defaults, written)
  if (planned.entryFile === undefined) return merged
  const entry = rowOf(plugin.release, 'contributes', 'services', 'entry', own.name)
  return tableOver(
    merged,
    sourcedTable(programOf(planned, selection), () => originAt(entry, 'entry')),
  )
}

/** A path of the merged file in the plugin's own names. */
function ownPath(path: ValuePath, { own, planned }: PluginService): ValuePath {
  const [key = '', name, ...rest] = path
  if (key !== 'depends_on') return path
  const written = Object.keys(own.dependsOn).find(
    (each) => each === name || mergedName(planned.plugin, each) === name,
  )
  return [key, written ?? '', ...rest]
}

function valuesOf({ own, planned }: PluginService, selection: Selection): Record<string, unknown> {
  const named = (name: string) => mergedName(planned.plugin, name)
  const ports = publishedOf(own, planned.plugin, selection)
  return {
    ...own.values,
    ...(own.volumes.length === 0
      ? {}
      : {
          volumes: own.volumes.map(({ source, target, isReadOnly }) => ({
            ...(isReadOnly ? { read_only: true } : {}),
            source: named(source),
            target,
            type: 'volume',
          })),
        }),
    ...(Object.keys(own.dependsOn).length === 0
      ? {}
      : {
          depends_on: Object.fromEntries(
            Object.entries(own.dependsOn).map(([each, options]) => [
              each === 'api' ? each : named(each),
              options,
            ]),
          ),
        }),
    ...(ports.length === 0 ? {} : { ports }),
  }
}

const programOf = (planned: PlannedService, selection: Selection): Record<string, unknown> => ({
  ...ownImage(selection.distribution.value),
  entrypoint: ['node', `services/${planned.name}.js`],
  environment: { ...ourEnvironment(planned), BITCARTCC_TOKEN: tokenOf(planned) },
})

/** What the program of an entry finds in its environment, whatever the fragment says. */
export const ourEnvironment = ({ path, port }: PlannedService): Record<string, string> => ({
  BITCARTCC_API_URL: 'http://api:3000',
  BITCARTCC_PATH_PREFIX: path ?? '',
  HOST: '0.0.0.0',
  NODE_ENV: 'production',
  PORT: String(port ?? 8080),
})

/** Empty where the operator gave none: then the service asks as a visitor. */
const tokenOf = ({ name }: PlannedService) => `\${${serviceTokenName(name)}:-}`

import { serviceTokenName } from '@bitcartcc/sdk/names'
import type { Origin } from '../model/origin.ts'
import type { PlannedService } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import { always, ownImage } from './core-services.ts'
import type { Mount } from './fragment-mounts.ts'
import type { Resource } from './fragment-resources.ts'
import { granted, publishedOf } from './host-ports.ts'
import { mergedName } from './merged-name.ts'
import { rowOf } from './places.ts'
import { sharedEnvironment } from './shared.ts'
import type { PluginService } from './services.ts'
import { originAt, sourcedTable, tableOver, type Table, type ValuePath } from './sourced.ts'

/** One service of a plugin as it stands in the merged file: what every service gets, what its fragment wrote, and its program. */
export function serviceTable(service: PluginService, written: Table, selection: Selection): Table {
  const { plugin, own, planned } = service
  const byDefault: Origin = { by: 'core', as: 'default' }
  const { services } = plugin.release.manifest.contributes
  const shared = Object.keys((typeof services === 'object' ? services.needs : undefined) ?? {})
  const isOnHost = own.values['network_mode'] !== undefined
  // What core reaches, or what reaches core, is where core is.
  const isNearCore =
    own.networks === undefined ||
    planned.path !== undefined ||
    planned.entryFile !== undefined ||
    shared.length > 0
  const defaults = sourcedTable(
    {
      ...always,
      ...(shared.length > 0 ? { environment: sharedEnvironment(shared) } : {}),
      deploy: { resources: { limits: { memory: '256m' } } },
      ...(isNearCore && !isOnHost ? { networks: { [planned.plugin]: {} } } : {}),
      restart: 'unless-stopped',
    },
    () => byDefault,
  )
  const merged = tableOver(defaults, written)
  if (planned.entryFile === undefined) return merged
  const entry = rowOf(plugin.release, 'contributes', 'services', 'entry', own.name)
  return tableOver(
    merged,
    sourcedTable(programOf(planned, selection), () => originAt(entry, 'entry')),
  )
}

/** What the fragment itself says of a service, in the names of the merged file. */
export function writtenTable(service: PluginService, selection: Selection): Table {
  const { own, planned } = service
  const isGranted = (at: unknown) => {
    const port = own.ports[Number(at)]
    return port !== undefined && granted(port, own, planned.plugin, selection) !== undefined
  }
  return sourcedTable(valuesOf(service, selection), (path) =>
    path[0] === 'ports' && path[2] === 'published' && isGranted(path[1])
      ? { by: 'selection', as: `grants.${planned.plugin}.ports.${own.name}` }
      : originAt(own.writtenAt(...ownPath(path, service))),
  )
}

/** A path of the merged file as the fragment has it: in the plugin's own names, where it is written. */
function ownPath(path: ValuePath, { own, planned }: PluginService): ValuePath {
  const [key = '', at = ''] = path
  if (key === 'ports') return [...(own.ports[Number(at)]?.written ?? [key]), ...path.slice(2)]
  if (key === 'volumes') return own.mounts[Number(at)]?.written ?? [key]
  if (key === 'secrets') return own.secrets[Number(at)]?.written ?? [key]
  if (key !== 'depends_on' && key !== 'networks') return path
  const names = [...Object.keys(own.dependsOn), ...Object.keys(own.networks ?? {})]
  const written = names.find((each) => each === at || mergedName(planned.plugin, each) === at)
  return [key, written ?? 'default', ...path.slice(2)]
}

function valuesOf(
  { own, planned, fragment }: PluginService,
  selection: Selection,
): Record<string, unknown> {
  const { plugin } = planned
  const named = (name: string) => mergedName(plugin, name)
  // What is none of its own is core's.
  const isOwn = (name: string) =>
    name !== 'api' && fragment.services.some((each) => each.name === name)
  const secrets = own.secrets.map(({ source, target }) => ({ source: named(source), target }))
  const dependsOn = Object.entries(own.dependsOn).map(([each, options]) => [
    isOwn(each) ? named(each) : each,
    options,
  ])
  const networks = Object.entries(own.networks ?? {}).map(([each, options]) => [
    each === 'default' ? plugin : named(each),
    options,
  ])
  const filled = {
    volumes: own.mounts.map((each) => mountOf(each, plugin, fragment.resources)),
    ports: publishedOf(own, plugin, selection),
    secrets,
    depends_on: Object.fromEntries(dependsOn) as object, // of the pairs above
    networks: Object.fromEntries(networks) as object, // of the pairs above
  }
  return {
    ...own.values,
    ...Object.fromEntries(
      Object.entries(filled).filter(([, value]) => Object.keys(value).length > 0),
    ),
  }
}

/** A config is a file that is mounted: docker-compose 1.29 knows no other. */
function mountOf(
  { kind, source, target, isReadOnly }: Mount,
  plugin: string,
  resources: readonly Resource[],
): Record<string, unknown> {
  const file = resources.find((each) => each.kind === 'configs' && each.name === source)?.file
  return {
    ...(isReadOnly ? { read_only: true } : {}),
    source:
      kind === 'volume'
        ? mergedName(plugin, source)
        : kind === 'host'
          ? source
          : fragmentFile(plugin, file ?? ''),
    target,
    type: kind === 'volume' ? 'volume' : 'bind',
  }
}

/** Where a file of a plugin lies in the distribution, for docker-compose. */
export const fragmentFile = (plugin: string, file: string) => `./fragments/${plugin}/${file}`

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

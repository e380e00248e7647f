import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Selection } from '../model/selection.ts'
import { corePorts } from './core-services.ts'
import type { PublishedPort } from './fragment-ports.ts'
import type { FragmentService } from './fragment-service.ts'
import { notGranted, portConflict } from './service-problems.ts'
import type { PluginService } from './services.ts'

export const granted = (plugin: string, service: string, selection: Selection) =>
  selection.grants.get(plugin)?.value.ports?.[service]

/** The ports a service publishes on the host, with the number its grant gives. */
export function publishedOf(
  own: FragmentService,
  plugin: string,
  selection: Selection,
): readonly Readonly<Record<string, unknown>>[] {
  const number = granted(plugin, own.name, selection)
  return own.ports.map(({ target, published, protocol }) => ({
    protocol,
    published: String(number ?? published),
    target,
  }))
}

interface Taken {
  readonly port: number
  readonly protocol: string
  readonly fact: Fact
  readonly service?: PluginService
}

/** Host ports that two services want, and those that nobody has granted. */
export function portProblems(
  all: readonly PluginService[],
  selection: Selection,
): readonly Problem[] {
  const wanted: readonly (Taken & {
    readonly service: PluginService
    readonly isGranted: boolean
  })[] = all.flatMap((service) =>
    service.own.ports.map((port: PublishedPort) => {
      const number = granted(service.planned.plugin, service.own.name, selection)
      const [plugin = '', place = ''] = port.fact
      return {
        port: number ?? port.published,
        protocol: port.protocol,
        fact: [plugin, place, service.own.name, port.text],
        service,
        isGranted: number !== undefined,
      }
    }),
  )
  const core: readonly Taken[] = corePorts(selection).map(({ service, port }) => ({
    port,
    protocol: 'tcp',
    fact: ['core', 'docker-compose.yml', service, `"${port}:${port}"`],
  }))
  const clashes = [
    ...Map.groupBy<string, Taken>(
      [...core, ...wanted],
      ({ port, protocol }) => `${port}${protocol === 'udp' ? '/udp' : ''}`,
    ),
  ].filter(([, same]) => same.length > 1)
  const clashing = new Set(clashes.flatMap(([, same]) => same))
  const taken = new Set([...core, ...wanted].map(({ port }) => port))
  const free = (port: number): number =>
    taken.has(port) ? free(port + 1) : (taken.add(port), port)
  return [
    ...clashes.map(([port, same]) =>
      portConflict(
        port,
        same.map(({ fact }) => fact),
        same.flatMap(({ service, port: number }, at) =>
          service
            ? [
                [
                  service.planned.plugin,
                  service.own.name,
                  at === 0 ? number : free(number + 1),
                ] as const,
              ]
            : [],
        ),
        selection,
      ),
    ),
    ...wanted
      .filter((each) => !each.isGranted && !clashing.has(each))
      .map(({ port, fact, service }) =>
        notGranted(`host port ${port}`, fact, [
          `Grant it, in ${selection.shownAs}:`,
          '  grants:',
          `    ${service.planned.plugin}: { ports: { ${service.own.name}: ${port} } }`,
          'or take the port out of the fragment: a URL path needs none.',
        ]),
      ),
  ]
}

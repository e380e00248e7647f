import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Selection } from '../model/selection.ts'
import { corePorts } from './core-services.ts'
import type { PublishedPort } from './fragment-ports.ts'
import type { FragmentService } from './fragment-service.ts'
import { notGranted, portConflict } from './service-problems.ts'
import type { PluginService } from './services.ts'

/** The host port that a grant gives to a port of a service; a number alone is for a service with one port. */
export function granted(
  { target }: PublishedPort,
  own: FragmentService,
  plugin: string,
  selection: Selection,
): number | undefined {
  const grant = selection.grants.get(plugin)?.value.ports?.[own.name]
  if (typeof grant !== 'number') return grant?.[String(target)]
  return own.ports.every((each) => each.target === target) ? grant : undefined
}

/** The ports a service publishes on the host, each with the number its grant gives. */
export function publishedOf(
  own: FragmentService,
  plugin: string,
  selection: Selection,
): readonly Readonly<Record<string, unknown>>[] {
  return own.ports.map((port) => ({
    protocol: port.protocol,
    published: String(granted(port, own, plugin, selection) ?? port.published),
    target: port.target,
  }))
}

/** Grants of all ports of services, a line a plugin, as one writes it: `metrics: { ports: { edge: { 80: 9080, 443: 9443 } } }`. */
function grantLines(
  services: readonly PluginService[],
  selection: Selection,
  numbers: ReadonlyMap<PublishedPort, number>,
): readonly string[] {
  const textOf = ({ own, planned: { plugin } }: PluginService) => {
    const byTarget = new Map(
      own.ports.map((port) => [
        port.target,
        numbers.get(port) ?? granted(port, own, plugin, selection) ?? port.published,
      ]),
    )
    const all = [...byTarget].map(([target, number]) => `${target}: ${number}`).join(', ')
    const one = [...byTarget.values()].join('')
    return `${own.name}: ${byTarget.size > 1 ? `{ ${all} }` : one}`
  }
  return [...Map.groupBy(new Set(services), ({ planned: { plugin } }) => plugin)].map(
    ([plugin, own]) => `${plugin}: { ports: { ${own.map(textOf).join(', ')} } }`,
  )
}

interface Taken {
  readonly port: number
  readonly protocol: string
  readonly fact: Fact
  readonly of?: { readonly service: PluginService; readonly port: PublishedPort }
}

/** Host ports that two services want, and those that nobody has granted. */
export function portProblems(
  all: readonly PluginService[],
  selection: Selection,
): readonly Problem[] {
  const wanted: readonly (Taken & {
    readonly of: NonNullable<Taken['of']>
    readonly isGranted: boolean
  })[] = all.flatMap((service) =>
    service.own.ports.map((port: PublishedPort) => {
      const number = granted(port, service.own, service.planned.plugin, selection)
      const [plugin = '', place = ''] = port.fact
      return {
        port: number ?? port.published,
        protocol: port.protocol,
        fact: [plugin, place, service.own.name, port.text],
        of: { service, port },
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
  // The first keeps its number, unless core has it.
  const numbers = new Map(
    clashes.flatMap(([, same]) =>
      same.flatMap(({ of, port }, at) =>
        of ? [[of.port, at === 0 ? port : free(port + 1)] as const] : [],
      ),
    ),
  )
  return [
    ...clashes.map(([port, same]) =>
      portConflict(
        port,
        same.map(({ fact }) => fact),
        grantLines(
          same.flatMap(({ of }) => (of ? [of.service] : [])),
          selection,
          numbers,
        ),
        same.filter(({ of }) => of).length,
        selection,
      ),
    ),
    ...wanted
      .filter((each) => !each.isGranted && !clashing.has(each))
      .map(({ port, fact, of: { service } }) =>
        notGranted(`host port ${port}`, fact, [
          `Grant it, in ${selection.shownAs}:`,
          '  grants:',
          ...grantLines([service], selection, numbers).map((each) => `    ${each}`),
          'or take the port out of the fragment: a URL path needs none.',
        ]),
      ),
  ]
}

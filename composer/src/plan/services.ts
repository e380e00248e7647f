import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Locked, LockedPlugin } from '../model/lock.ts'
import type { EnvVariable, Plan, PlannedService } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import { nearest } from '../read/nearest.ts'
import { coreServiceNames, coreServices } from './core-services.ts'
import { applyForce } from './document.ts'
import { readFragment, type Fragment, type FragmentService } from './fragment.ts'
import { mergedName } from './merged-name.ts'
import { portProblems } from './host-ports.ts'
import { ourEnvironment, serviceTable } from './service-document.ts'
import {
  originAt,
  originsIn,
  plainOf,
  sourcedTable,
  tableOf,
  tableOver,
  type Sourced,
} from './sourced.ts'
import { pathProblems } from './url-paths.ts'
import {
  fragmentConflict,
  imageWithoutDigest,
  missingService,
  noProgram,
  serviceConflict,
} from './service-problems.ts'
import { rowOf } from './places.ts'

export interface PlannedServices extends Pick<Plan, 'services' | 'compose'> {
  readonly problems: readonly Problem[]
}

/** One service of a plugin, as its manifest and its fragment tell it. */
export interface PluginService {
  readonly plugin: LockedPlugin
  readonly own: FragmentService
  /** As merged. */
  readonly name: string
  readonly planned: PlannedService
}

/** Merges core's services and the plugins' fragments into one document; refuses whatever meets, never first-wins. */
export function planServices(
  selection: Selection,
  { plugins }: Locked,
  variables: readonly EnvVariable[],
): PlannedServices {
  const sorted = plugins.toSorted((a, b) => (a.release.name < b.release.name ? -1 : 1))
  const fragments = sorted.flatMap((plugin) => {
    const { services } = plugin.release.manifest.contributes
    const path = typeof services === 'object' ? services.fragment : services
    return path === undefined ? [] : [{ plugin, fragment: readFragment(plugin, path) }]
  })
  const all = fragments.flatMap(({ plugin, fragment }) => servicesOf(plugin, fragment))
  const core = coreServices(
    selection,
    [...new Set(all.map(({ plugin }) => plugin.release.name))],
    variables,
  )
  // No name: docker-compose 1.29 refuses one, and both editions take the folder's, which is the distribution's.
  const document = tableOver(
    core,
    tableOf([
      [
        'networks',
        sourcedTable(
          Object.fromEntries(all.map(({ plugin }) => [plugin.release.name, {}])),
          ([name]) => ({ by: 'core', as: `a network for ${name}` }),
        ),
      ],
      ['services', tableOf(all.map((each) => [each.name, serviceTable(each, selection)]))],
      [
        'volumes',
        tableOf(
          fragments.flatMap(({ plugin, fragment }) =>
            fragment.volumes.map(({ name, at }): [string, Sourced] => [
              mergedName(plugin.release.name, name),
              { kind: 'leaf', value: {}, origin: originAt(at) },
            ]),
          ),
        ),
      ],
    ]),
  )
  const forced = applyForce(document, selection)
  return {
    services: all.map(({ planned }) => planned).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    compose: {
      document: plainOf(forced.document) as Plan['compose']['document'], // a table above
      origins: originsIn(forced.document),
    },
    problems: [
      ...fragments.flatMap(({ plugin, fragment }) => [
        ...fragment.problems,
        ...manifestProblems(plugin, fragment),
      ]),
      ...nameProblems(all, fragments),
      ...all.flatMap((each) => programProblems(each, selection)),
      ...portProblems(all, selection),
      ...pathProblems(all),
      ...forced.problems,
    ],
  }
}

function servicesOf(plugin: LockedPlugin, fragment: Fragment): readonly PluginService[] {
  const { name: owner, manifest } = plugin.release
  const declared = manifest.contributes.services
  const { entry = {}, expose = {} } = typeof declared === 'object' ? declared : {}
  return fragment.services.map((own) => {
    const name = mergedName(owner, own.name)
    const exposed = expose[own.name]
    const entryFile = entry[own.name]
    return {
      plugin,
      own,
      name,
      planned: {
        plugin: owner,
        name,
        ...(entryFile === undefined ? {} : { entryFile }),
        ...(exposed ? { path: exposed.path, port: exposed.port } : {}),
        stripPrefix: exposed?.stripPrefix ?? false,
        auth: exposed?.auth ?? 'admin',
      },
    }
  })
}

function manifestProblems({ release }: LockedPlugin, { services }: Fragment): readonly Problem[] {
  const declared = release.manifest.contributes.services
  if (typeof declared !== 'object' || services.length === 0) return []
  const names = services.map(({ name }) => name)
  return (['entry', 'expose'] as const).flatMap((key) =>
    Object.keys(declared[key] ?? {})
      .filter((name) => !names.includes(name))
      .map((name) =>
        missingService(
          name,
          'service',
          rowOf(release, 'contributes', 'services', key, name),
          nearest(name, names),
        ),
      ),
  )
}

function nameProblems(
  all: readonly PluginService[],
  fragments: readonly { readonly plugin: LockedPlugin; readonly fragment: Fragment }[],
): readonly Problem[] {
  const volumes = fragments.flatMap(({ plugin, fragment }) =>
    fragment.volumes.map(({ name, at }) => ({
      name: mergedName(plugin.release.name, name),
      fact: at,
    })),
  )
  const alike = (
    named: readonly { readonly name: string; readonly fact: Fact }[],
    core: readonly string[],
  ) =>
    [...Map.groupBy(named, ({ name }) => name)].flatMap(([name, same]) => {
      const isCores = core.includes(name)
      const facts = [
        ...(isCores ? [['core', 'docker-compose.yml', name]] : []),
        ...same.map(({ fact }) => fact),
      ]
      return facts.length > 1 ? [serviceConflict(name, facts)] : []
    })
  return [
    ...alike(
      all.map(({ name, own }) => ({ name, fact: own.at })),
      coreServiceNames,
    ),
    ...alike(volumes, ['data', 'database', 'proxy']),
  ]
}

function programProblems(
  { own, planned, name }: PluginService,
  selection: Selection,
): readonly Problem[] {
  const { image, environment } = own.values
  if (planned.entryFile !== undefined) {
    const ours = ourEnvironment(planned)
    return [
      ...(['image', 'entrypoint', 'command'] as const)
        .filter((key) => own.values[key] !== undefined)
        .map((key) =>
          fragmentConflict(`services.${name}.${key}`, [
            own.fact(key),
            ['compose', 'entry', planned.entryFile ?? ''],
          ]),
        ),
      ...Object.entries((environment ?? {}) as Readonly<Record<string, string>>) // read as a mapping
        .filter(([key, value]) => ours[key] !== undefined && ours[key] !== value)
        .map(([key]) =>
          fragmentConflict(`services.${name}.environment.${key}`, [
            own.fact('environment', key),
            ['compose', 'entry', `${key}: ${ours[key] ?? ''}`],
          ]),
        ),
    ]
  }
  if (typeof image !== 'string') return [noProgram(own.name, own.at)]
  return selection.deployment.images.value === 'pinned' && !/@sha256:[0-9a-f]{64}$/.test(image)
    ? [imageWithoutDigest(image, own.fact('image'), selection)]
    : []
}

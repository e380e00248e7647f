import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Locked, LockedPlugin } from '../model/lock.ts'
import type { EnvVariable, Plan, PlannedService } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import { nearest } from '../read/nearest.ts'
import { serviceTokenName } from '@bitcartcc/sdk/manifest'
import { always, coreServiceNames, coreServices, ownImage } from './core-services.ts'
import { applyForce, originsOf, sortedKeys } from './document.ts'
import { readFragment, type Fragment, type FragmentService } from './fragment.ts'
import { mergedName } from './merged-name.ts'
import { portProblems, publishedOf } from './host-ports.ts'
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
  const document = {
    networks: {
      ...core.networks,
      ...Object.fromEntries(all.map(({ plugin }) => [plugin.release.name, {}])),
    },
    services: {
      ...core.services,
      ...Object.fromEntries(all.map((each) => [each.name, documentOf(each, selection)])),
    },
    volumes: {
      ...core.volumes,
      ...Object.fromEntries(
        fragments.flatMap(({ plugin, fragment }) =>
          fragment.volumes.map((volume) => [mergedName(plugin.release.name, volume), {}]),
        ),
      ),
    },
  }
  const forced = applyForce(document, selection)
  return {
    services: all.map(({ planned }) => planned).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    compose: {
      document: sortedKeys(forced.document),
      origins: originsOf(forced.document, all, selection),
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

function documentOf(
  { plugin, own, name, planned }: PluginService,
  selection: Selection,
): Record<string, unknown> {
  const owner = plugin.release.name
  const { deploy, environment, ...values } = own.values
  const isOurs = planned.entryFile !== undefined
  const ports = publishedOf(own, owner, selection)
  return {
    ...always,
    restart: 'unless-stopped',
    networks: { [owner]: {} },
    ...values,
    ...(isOurs
      ? { ...ownImage(selection.distribution.value), entrypoint: ['node', `services/${name}.js`] }
      : {}),
    environment: {
      ...(isOurs ? { ...ourEnvironment(planned), BITCARTCC_TOKEN: tokenOf(planned) } : {}),
      ...(environment as object | undefined),
    }, // read as a mapping
    deploy: deploy ?? { resources: { limits: { memory: '256m' } } },
    ...(own.volumes.length === 0
      ? {}
      : {
          volumes: own.volumes.map(({ source, target, isReadOnly }) => ({
            ...(isReadOnly ? { read_only: true } : {}),
            source: mergedName(owner, source),
            target,
            type: 'volume',
          })),
        }),
    ...(Object.keys(own.dependsOn).length === 0
      ? {}
      : {
          depends_on: Object.fromEntries(
            Object.entries(own.dependsOn).map(([each, options]) => [
              each === 'api' ? each : mergedName(owner, each),
              options,
            ]),
          ),
        }),
    ...(ports.length === 0 ? {} : { ports }),
  }
}

const ourEnvironment = ({ path, port }: PlannedService): Record<string, string> => ({
  BITCARTCC_API_URL: 'http://api:3000',
  BITCARTCC_PATH_PREFIX: path ?? '',
  HOST: '0.0.0.0',
  NODE_ENV: 'production',
  PORT: String(port ?? 8080),
})

/** Empty where the operator gave none: then the service asks as a visitor. */
const tokenOf = ({ name }: PlannedService) => `\${${serviceTokenName(name)}:-}`

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
    fragment.volumes.map((volume) => ({
      name: mergedName(plugin.release.name, volume),
      fact: rowOf(plugin.release, 'contributes', 'services'),
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

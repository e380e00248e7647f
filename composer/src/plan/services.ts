import type { Problem } from '@bitcartcc/sdk/problem'
import type { Locked, LockedPlugin } from '../model/lock.ts'
import type { EnvVariable, Plan, PlannedService } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import { nearest } from '../read/nearest.ts'
import { sharedServices } from '../read/shared-services.ts'
import { coreServices, replicaProblems } from './core-services.ts'
import { applyForce } from './document.ts'
import { readFragment, type Fragment } from './fragment.ts'
import type { FragmentService } from './fragment-service.ts'
import { withLimits } from './limits.ts'
import { mergedName } from './merged-name.ts'
import { portProblems } from './host-ports.ts'
import { placeholderProblems } from './placeholders.ts'
import { coreImageProblems, platformProblems } from './pinned-images.ts'
import { privilegeProblems, privilegesOf } from './privileges.ts'
import { resourceFiles, resourceTables } from './resource-tables.ts'
import { applyPatches } from './patches.ts'
import { needProblems, sharedTables } from './shared.ts'
import { serviceTable, writtenTable } from './service-document.ts'
import { nameProblems } from './service-names.ts'
import { programProblems } from './service-programs.ts'
import { circleProblems } from './service-circles.ts'
import { originsIn, plainOf, sourcedTable, tableOf, tableOver } from './sourced.ts'
import { pathProblems } from './url-paths.ts'
import { missingService } from './service-problems.ts'
import { rowOf } from './places.ts'

export interface PlannedServices extends Pick<Plan, 'services' | 'compose' | 'privileges'> {
  readonly problems: readonly Problem[]
}

/** A plugin that brings a fragment. */
export interface OwnFragment {
  readonly plugin: LockedPlugin
  readonly fragment: Fragment
}

/** One service of a plugin, as its manifest and its fragment tell it. */
export interface PluginService {
  readonly plugin: LockedPlugin
  readonly fragment: Fragment
  readonly own: FragmentService
  /** Whether it adds to a service of another. */
  readonly isPatch: boolean
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
  const told = fragments.flatMap(({ plugin, fragment }) => servicesOf(plugin, fragment))
  const written = new Map(told.map((each) => [each, writtenTable(each, selection)]))
  const all = told.filter(({ isPatch }) => !isPatch)
  const releases = sorted.map(({ release }) => release)
  const shared = sharedServices(releases, selection.deployment.coreImages)
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
          Object.fromEntries(
            [
              ...told
                .filter(({ isPatch, own }) => !isPatch || own.networks?.['default'] !== undefined)
                .map(({ plugin }) => plugin.release),
              ...shared.flatMap(({ needs }) => needs.map(({ release }) => release)),
            ].map(({ name }) => [name, {}]),
          ),
          ([name]) => ({ by: 'core', as: `a network for ${name}` }),
        ),
      ],
      [
        'services',
        tableOf(
          all.map((each) => [
            each.name,
            serviceTable(each, written.get(each) ?? tableOf([]), selection),
          ]),
        ),
      ],
    ]),
  )
  const whole = [resourceTables(fragments), sharedTables(shared)].reduce(tableOver, document)
  const services = whole.entries.get('services')
  if (services?.kind !== 'table') throw new Error('core has services')
  const patches = told.filter(({ isPatch }) => isPatch)
  const patched = applyPatches(services, all, patches, written, selection)
  const forced = applyForce(tableOf([...whole.entries, ['services', patched.services]]), selection)
  const merged = withLimits(forced.document)
  const compose = {
    document: plainOf(merged) as Plan['compose']['document'], // a table above
    origins: originsIn(merged),
    files: resourceFiles(fragments),
  }
  return {
    services: all.map(({ planned }) => planned).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    compose,
    privileges: privilegesOf(fragments),
    problems: [
      ...fragments.flatMap(({ plugin, fragment }) => [
        ...fragment.problems,
        ...manifestProblems(plugin, fragment),
      ]),
      ...nameProblems(all, fragments, shared),
      ...privilegeProblems(fragments, selection),
      ...all.flatMap((each) => programProblems(each, selection)),
      ...all.flatMap((each) => platformProblems(each, selection)),
      ...coreImageProblems(selection, shared),
      ...portProblems(all, selection),
      ...pathProblems(all),
      ...placeholderProblems(written, variables),
      ...needProblems(releases, shared),
      ...patched.problems,
      ...forced.problems,
      ...circleProblems(compose),
      ...replicaProblems(selection),
    ],
  }
}

function servicesOf(plugin: LockedPlugin, fragment: Fragment): readonly PluginService[] {
  const { name: owner, manifest } = plugin.release
  const declared = manifest.contributes.services
  const { entry = {}, expose = {}, patches = {} } = typeof declared === 'object' ? declared : {}
  return fragment.services.map((own) => {
    const isPatch = Object.hasOwn(patches, own.name)
    const name = isPatch ? own.name : mergedName(owner, own.name)
    const exposed = expose[own.name]
    const entryFile = entry[own.name]
    return {
      plugin,
      fragment,
      own,
      isPatch,
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
  return (['entry', 'expose', 'opens', 'patches'] as const).flatMap((key) =>
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

import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import { coreServiceNames } from './core-services.ts'
import { resourceKinds } from './fragment-resources.ts'
import { mergedName } from './merged-name.ts'
import { rowOf } from './places.ts'
import { serviceConflict } from './service-problems.ts'
import type { OwnFragment, PluginService } from './services.ts'

interface Named {
  readonly name: string
  readonly fact: Fact
}
const coreResources: Readonly<Record<string, readonly string[]>> = {
  volumes: ['data', 'database', 'proxy'],
  networks: ['inside', 'outside'],
}

/** Services and resources that come out with one name. */
export function nameProblems(
  all: readonly PluginService[],
  fragments: readonly OwnFragment[],
  shared: readonly { readonly name: string }[],
): readonly Problem[] {
  const given = shared.map(({ name }) => name)
  const services = all.map(({ name, own }) => ({ name, fact: own.at }))
  const networks = fragments.map(({ plugin: { release } }) => ({
    name: release.name,
    fact: rowOf(release, 'contributes', 'services'),
  }))
  return [
    ...alike('services', services, [...coreServiceNames, ...given]),
    ...resourceKinds.flatMap((kind) =>
      alike(
        kind,
        [
          ...(kind === 'networks' ? networks : []),
          ...fragments.flatMap(({ plugin, fragment }) =>
            fragment.resources
              .filter((each) => each.kind === kind)
              .map(({ name, at }) => ({ name: mergedName(plugin.release.name, name), fact: at })),
          ),
        ],
        [...(coreResources[kind] ?? []), ...(kind === 'volumes' ? given : [])],
      ),
    ),
  ]
}

function alike(kind: string, named: readonly Named[], core: readonly string[]): readonly Problem[] {
  return [...Map.groupBy(named, ({ name }) => name)].flatMap(([name, same]) => {
    const facts = [
      ...(core.includes(name) ? [['core', 'docker-compose.yml', name]] : []),
      ...same.map(({ fact }) => fact),
    ]
    return facts.length > 1 ? [serviceConflict(kind, name, facts)] : []
  })
}

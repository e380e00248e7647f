import type { Origin } from '../model/origin.ts'
import type { EnvVariable } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import type { ValuePath } from './sourced.ts'

/** Where each value of core's part comes from: the selection, a plugin's setting, or core. */
export function coreOrigins(
  selection: Selection,
  variables: readonly EnvVariable[],
): (path: ValuePath) => Origin {
  const owners = new Map(variables.map((each) => [each.name, each.owner]))
  return (path) => chosen(path, selection) ?? originOf(path, owners)
}

/** What the selection itself says of core's services. */
function chosen(
  [, service, key, inner]: ValuePath,
  { deployment: { coreImages, proxy } }: Selection,
): Origin | undefined {
  if (key === 'deploy' && inner === 'replicas')
    return { by: 'selection', as: `deployment.replicas.${String(service)}` }
  const name = service === 'proxy' ? proxy.value : String(service)
  return key === 'image' && Object.hasOwn(coreImages, name)
    ? { by: 'selection', as: `deployment.coreImages.${name}` }
    : undefined
}

/** What in core's part follows from the selection, and what from the settings of plugins. */
function originOf(
  [top, service, key, inner]: ValuePath,
  owners: ReadonlyMap<string, string>,
): Origin {
  if (service === 'proxy' || key === 'ports') return { by: 'core', as: 'deployment.proxy' }
  if (top !== 'services') return { by: 'core' }
  if (key === 'image' && service !== 'database') return { by: 'core', as: 'distribution' }
  const owner = key === 'environment' ? owners.get(String(inner)) : undefined
  return owner === undefined || owner === 'core'
    ? { by: 'core' }
    : { by: owner, as: 'a setting or token' }
}

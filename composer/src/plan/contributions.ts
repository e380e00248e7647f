import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Plan } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import { missingFile, nameTwice } from './problems.ts'
import { routeKeys } from './route-keys.ts'

/** Routes of each plugin, with the keys its source declares; none of it is run. */
export const plannedRoutes = async (releases: readonly Release[]): Promise<Plan['routes']> =>
  Promise.all(
    releases.flatMap(({ name, folder, manifest }) => {
      const file = manifest.contributes['api.routes']
      if (file === undefined || !existsSync(join(folder, file))) return []
      return [
        routeKeys(join(folder, file)).then((found) => ({
          plugin: name,
          file,
          keys: found.map(({ key }) => key),
        })),
      ]
    }),
  )

/** Jobs of all plugins, sorted by plugin and name. */
export const plannedJobs = (releases: readonly Release[]): Plan['jobs'] =>
  releases.flatMap(({ name: plugin, manifest }) =>
    (manifest.contributes['worker.jobs'] ?? [])
      .map(({ name, run, every }) => ({
        plugin,
        name,
        file: run,
        ...(every === undefined ? {} : { every }),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  )

/** Every file a manifest names, with the path of keys that names it. */
function namedFiles({ manifest }: Release): readonly { path: (string | number)[]; file: string }[] {
  const { contributes } = manifest
  const one = (file: string | undefined, ...path: (string | number)[]) =>
    file === undefined ? [] : [{ path: ['contributes', ...path], file }]
  const services =
    typeof contributes.services === 'string'
      ? { fragment: contributes.services, entry: undefined }
      : contributes.services
  return [
    ...one(contributes['api.routes'], 'api.routes'),
    ...(contributes['worker.jobs'] ?? []).flatMap(({ run }, at) =>
      one(run, 'worker.jobs', at, 'run'),
    ),
    ...(contributes['worker.events'] ?? []).flatMap(({ run }, at) =>
      one(run, 'worker.events', at, 'run'),
    ),
    ...(['admin.pages', 'admin.slots', 'store.pages', 'store.slots'] as const).flatMap((point) =>
      (contributes[point] ?? []).flatMap(({ component }, at) =>
        one(component, point, at, 'component'),
      ),
    ),
    ...(contributes.templates ?? []).flatMap(({ file }, at) => one(file, 'templates', at, 'file')),
    ...one(contributes.migrations, 'migrations'),
    ...one(
      services?.fragment,
      ...(typeof contributes.services === 'string' ? ['services'] : ['services', 'fragment']),
    ),
    ...Object.entries(services?.entry ?? {}).flatMap(([name, file]) =>
      one(file, 'services', 'entry', name),
    ),
  ]
}

/** Files that manifests name and plugins do not hold, or hold outside of their folder. */
export const fileProblems = (releases: readonly Release[]): readonly Problem[] =>
  releases.flatMap((release) =>
    namedFiles(release).flatMap(({ path, file }) =>
      isThere(release, file, path.at(-1) === 'migrations')
        ? []
        : [missingFile(release, path, file)],
    ),
  )

function isThere({ folder }: Release, file: string, isFolder: boolean): boolean {
  const path = join(folder, file)
  if (!path.startsWith(folder) || !existsSync(path)) return false
  return statSync(path).isDirectory() === isFolder
}

/** Jobs and templates of one plugin that bear the same name. */
export const nameProblems = (releases: readonly Release[]): readonly Problem[] =>
  releases.flatMap((release) =>
    (['worker.jobs', 'templates'] as const).flatMap((point) => {
      const entries = release.manifest.contributes[point] ?? []
      return entries.flatMap(({ name }, at) => {
        const first = entries.findIndex((each) => each.name === name)
        return first === at
          ? []
          : [
              nameTwice(
                point === 'templates' ? 'template' : 'job',
                name,
                release,
                ['contributes', point, first],
                ['contributes', point, at],
              ),
            ]
      })
    }),
  )

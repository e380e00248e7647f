import type { Problem } from '@bitcartcc/sdk/problem'
import type { LockedPlugin } from '../model/lock.ts'
import { sampleName } from '../read/migrations.ts'
import { nearest } from '../read/nearest.ts'
import { missingFile } from './problems.ts'

type Path = readonly (string | number)[]

/** Files the manifest names and the plugin does not hold. */
export function fileProblems({ release, files }: LockedPlugin): readonly Problem[] {
  const { contributes } = release.manifest
  const named: (readonly [string | undefined, Path])[] = [
    [contributes['api.routes'], ['contributes', 'api.routes']],
    ...(['worker.jobs', 'worker.events'] as const).flatMap((point) =>
      (contributes[point] ?? []).map(
        (each, at) => [each.run, ['contributes', point, at, 'run']] as const,
      ),
    ),
    ...(['admin.pages', 'admin.slots', 'store.pages', 'store.slots'] as const).flatMap((point) =>
      (contributes[point] ?? []).map(
        (each, at) => [each.component, ['contributes', point, at, 'component']] as const,
      ),
    ),
    ...(contributes.templates ?? []).map(
      (each, at) => [each.file, ['contributes', 'templates', at, 'file']] as const,
    ),
    ...serviceFiles(contributes.services),
  ]
  const missing = named.flatMap(([file, path]) =>
    file === undefined || files.has(file.slice(2)) ? [] : [{ file, path }],
  )
  const folder = contributes.migrations
  const noFolder =
    folder !== undefined &&
    ![...files.keys()].some(
      (path) =>
        path.startsWith(`${folder.slice(2)}/`) &&
        path.endsWith('.sql') &&
        !path.endsWith(`/${sampleName}`),
    )
  const all = noFolder
    ? [...missing, { file: `${folder}/*.sql`, path: ['contributes', 'migrations'] }]
    : missing
  return all.map(({ file, path }) => {
    const near = nearest(file.slice(2), [...files.keys()])
    return missingFile(release, file, path, near === undefined ? undefined : `./${near}`)
  })
}

function serviceFiles(
  services: LockedPlugin['release']['manifest']['contributes']['services'],
): readonly (readonly [string, Path])[] {
  if (services === undefined) return []
  if (typeof services === 'string') return [[services, ['contributes', 'services']]]
  return [
    [services.fragment, ['contributes', 'services', 'fragment']],
    ...Object.entries(services.entry ?? {}).map(
      ([name, file]) => [file, ['contributes', 'services', 'entry', name]] as const,
    ),
  ]
}

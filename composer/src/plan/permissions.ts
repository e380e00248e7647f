import { corePermissions } from '@bitcartcc/sdk/manifest'
import type { Problem } from '@bitcartcc/sdk/problem'
import { coreEventNames } from '@bitcartcc/sdk/server'
import type { Release } from '../model/release.ts'
import { nearest } from '../read/nearest.ts'
import { rowOf } from './places.ts'
import { foreignPermission, sameName, unknownEvent, unknownPermission } from './problems.ts'
import { groups } from './pages.ts'

/** Permissions under another's name, and those that are asked for and nobody declares. */
export function permissionProblems(releases: readonly Release[]): readonly Problem[] {
  const owners = new Map(releases.map((each) => [each.name, each]))
  const declared = new Set([
    ...Object.keys(corePermissions),
    ...releases.flatMap((each) => Object.keys(each.manifest.permissions ?? {})),
  ])
  return releases.flatMap((release) => [
    ...Object.keys(release.manifest.permissions ?? {})
      .filter((permission) => !permission.startsWith(`${release.name}.`))
      .map((permission) => {
        const owner = owners.get(permission.split('.')[0] ?? '')
        return foreignPermission(
          release,
          permission,
          owner?.manifest.permissions?.[permission] === undefined ? undefined : owner,
        )
      }),
    ...(['admin.pages', 'admin.slots', 'store.pages', 'store.slots'] as const).flatMap((point) =>
      (release.manifest.contributes[point] ?? []).flatMap(({ permission }, at) =>
        permission === undefined || declared.has(permission)
          ? []
          : [
              unknownPermission(
                release,
                permission,
                ['contributes', point, at, 'permission'],
                nearest(permission, [...declared]),
              ),
            ],
      ),
    ),
  ])
}

/** Listeners of events that nobody emits, and jobs or templates of one name. */
export function eventProblems(releases: readonly Release[]): readonly Problem[] {
  const emitted = new Set([
    ...coreEventNames,
    ...releases.flatMap((each) =>
      Object.keys(each.manifest.emits ?? {}).map((event) => `${each.name}.${event}`),
    ),
  ])
  return releases.flatMap((release) => {
    const { contributes } = release.manifest
    const unknown = (contributes['worker.events'] ?? []).flatMap(({ event, optional }, at) =>
      optional === true || emitted.has(event)
        ? []
        : [
            unknownEvent(
              release,
              event,
              ['contributes', 'worker.events', at, 'event'],
              nearest(event, [...emitted]),
            ),
          ],
    )
    const doubled = (['worker.jobs', 'templates'] as const).flatMap((point) =>
      groups(
        (contributes[point] ?? []).map(({ name }, at) => ({ name, at })),
        (each) => each.name,
      ).map((same) =>
        sameName(
          release,
          point === 'templates' ? 'templates' : 'jobs',
          same[0].name,
          same.map(({ at }) => rowOf(release, 'contributes', point, at, 'name')),
        ),
      ),
    )
    return [...unknown, ...doubled]
  })
}

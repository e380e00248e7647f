import { corePermissions } from '@bitcartcc/sdk/names'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Release } from '../model/release.ts'
import { nearest } from '../read/nearest.ts'
import { foreignPermission, unknownPermission } from './problems.ts'

const points = ['admin.pages', 'admin.slots', 'store.pages', 'store.slots'] as const

/** Permissions under another's name, and pages and fills that ask for one nobody declares. */
export const permissionProblems = (releases: readonly Release[]): readonly Problem[] =>
  releases.flatMap((release) => {
    const own = Object.keys(release.manifest.permissions ?? {})
    const known = [...Object.keys(corePermissions), ...own]
    const foreign = own
      .filter((each) => !each.startsWith(`${release.name}.`))
      .map((each) => foreignPermission(release, each, declaredBy(each, release, releases)))
    const unknown = points.flatMap((point) =>
      (release.manifest.contributes[point] ?? []).flatMap(({ permission }, at) =>
        permission === undefined || known.includes(permission)
          ? []
          : [
              unknownPermission(
                release,
                permission,
                ['contributes', point, at, 'permission'],
                nearest(permission, known),
              ),
            ],
      ),
    )
    return [...foreign, ...unknown]
  })

const declaredBy = (permission: string, except: Release, releases: readonly Release[]) =>
  releases.find(
    (each) => each !== except && Object.hasOwn(each.manifest.permissions ?? {}, permission),
  )

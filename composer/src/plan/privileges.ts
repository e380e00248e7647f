import type { Problem } from '@bitcartcc/sdk/problem'
import type { Plan } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import { privilegeNotGranted } from './service-problems.ts'
import type { OwnFragment } from './services.ts'

/** What the services of each plugin may do past the shop, sorted. */
export const privilegesOf = (fragments: readonly OwnFragment[]): Plan['privileges'] =>
  fragments
    .map(({ plugin, fragment }) => ({
      plugin: plugin.release.name,
      names: [...new Set(fragment.privileges.map(({ privilege }) => privilege))].toSorted(),
    }))
    .filter(({ names }) => names.length > 0)

/** What a plugin asks for and the selection does not grant to it by name; all of a plugin at once. */
export const privilegeProblems = (
  fragments: readonly OwnFragment[],
  selection: Selection,
): readonly Problem[] =>
  fragments.flatMap(({ plugin: { release }, fragment }) => {
    const granted = selection.grants.get(release.name)?.value.privileges ?? []
    const open = fragment.privileges.filter(({ privilege }) => !granted.includes(privilege))
    return open.length === 0 ? [] : [privilegeNotGranted(release.name, granted, open, selection)]
  })

import type { Removal } from '@bitcartcc/domain/migration-plan'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'

/** What becomes of what plugins stored that are not there, sorted by name; a problem where one is there all the same. */
export function planRemovals(
  { removed, shownAs }: Selection,
  releases: readonly Release[],
): { readonly removed: readonly Removal[]; readonly problems: readonly Problem[] } {
  const names = new Map(releases.map((release) => [release.name, release]))
  return {
    removed: [...removed]
      .filter(([plugin]) => !names.has(plugin))
      .map(([plugin, { value }]) => ({ plugin, how: value }))
      .toSorted((a, b) => (a.plugin < b.plugin ? -1 : 1)),
    problems: [...removed].flatMap(([plugin, { value, at }]) => {
      const release = names.get(plugin)
      // What was kept is taken up again.
      return release && value !== 'keep'
        ? [removedAndSelected(release, value, `${shownAs}:${at.line}`)]
        : []
    }),
  }
}

const removedAndSelected = (
  { name, version }: Release,
  how: 'export' | 'drop',
  place: string,
): Problem => ({
  code: 'plan/removed-and-selected',
  says: `What ${name} stored is to go, and ${name} ${version} is in this distribution.`,
  facts: [[place, `${name}: ${how}`]],
  kept: 'No data was touched.',
  fix: [
    `Take   ${name}: ${how}   out of removed, or take ${name} out of the plugins, and out of what others need.`,
  ],
})

import { adminSlotNames, replaceableSlots, storeSlotNames } from '@bitcartcc/sdk/slots'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { PlannedFill } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import { nearest } from '../read/nearest.ts'
import { slotConflict, slotNotReplaceable, unknownSlot } from './problems.ts'

const slotNames = {
  admin: adminSlotNames as readonly string[],
  store: storeSlotNames as readonly string[],
} // widened to ask for any text
const apps = ['admin', 'store'] as const

/** Fills of all slots, in the order they are shown: by slot, order, plugin. */
export const plannedFills = (releases: readonly Release[]): readonly PlannedFill[] =>
  apps.flatMap((app) =>
    entriesOf(releases, app)
      .filter(({ entry }) => slotNames[app].includes(entry.slot))
      .map(({ release, entry }) => ({
        app,
        plugin: release.name,
        slot: entry.slot,
        mode: entry.mode ?? 'append',
        order: entry.order ?? 50,
        ...(entry.permission === undefined ? {} : { permission: entry.permission }),
        file: entry.component,
      }))
      .toSorted(
        (a, b) =>
          compare(a.slot, b.slot) ||
          a.order - b.order ||
          compare(a.plugin, b.plugin) ||
          compare(a.file, b.file),
      ),
  )

/** Slots that do not exist, cannot be replaced, or would be replaced twice. */
export function slotProblems(releases: readonly Release[]): readonly Problem[] {
  return apps.flatMap((app) => {
    const entries = entriesOf(releases, app)
    const single = entries.flatMap(({ release, entry, path }) => {
      if (!slotNames[app].includes(entry.slot)) {
        if (entry.optional) return []
        const isOfOtherApp = slotNames[app === 'admin' ? 'store' : 'admin'].includes(entry.slot)
        return [
          unknownSlot(
            release,
            path,
            entry.slot,
            app,
            nearest(entry.slot, slotNames[app]),
            isOfOtherApp,
          ),
        ]
      }
      const isReplaceable = (replaceableSlots as readonly string[]).includes(entry.slot) // widened to ask for any text
      return entry.mode === 'replace' && !isReplaceable
        ? [slotNotReplaceable(release, path, entry.slot)]
        : []
    })
    const replacing = entries.filter(({ entry }) => entry.mode === 'replace')
    const twice = [...Map.groupBy(replacing, ({ entry }) => entry.slot)].flatMap(
      ([slot, [first, second]]) => (first && second ? [slotConflict(slot, [first, second])] : []),
    )
    return [...single, ...twice]
  })
}

const entriesOf = (releases: readonly Release[], app: 'admin' | 'store') =>
  releases.flatMap((release) =>
    (release.manifest.contributes[`${app}.slots`] ?? []).map((entry, at) => ({
      release,
      entry,
      path: ['contributes', `${app}.slots`, at] as const,
    })),
  )

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

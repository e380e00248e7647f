import type { Problem } from '@bitcartcc/sdk/problem'
import { adminSlotNames, replaceableSlots, storeSlotNames } from '@bitcartcc/sdk/slots'
import type { PlannedFill, PlannedPage } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import { nearest } from '../read/nearest.ts'
import { rowOf } from './places.ts'
import { notReplaceable, pageConflict, slotConflict, unknownSlot } from './problems.ts'

const apps = ['admin', 'store'] as const
const slotNames: Readonly<Record<(typeof apps)[number], readonly string[]>> = {
  admin: adminSlotNames,
  store: storeSlotNames,
}

/** Pages of both apps, sorted by app, plugin and path; two at one path are refused. */
export function planPages(releases: readonly Release[]): {
  pages: readonly PlannedPage[]
  problems: readonly Problem[]
} {
  const found = apps.flatMap((app) =>
    releases.flatMap((release) =>
      (release.manifest.contributes[`${app}.pages`] ?? []).map((each, at) => ({
        release,
        at,
        page: {
          app,
          plugin: release.name,
          path: each.path,
          title: each.title,
          ...optional(each),
          file: each.component,
        } satisfies PlannedPage,
      })),
    ),
  )
  const problems = groups(found, ({ page }) => `${page.app} ${page.plugin}${page.path}`).map(
    (same) => {
      const { app, plugin, path } = same[0].page
      const shown = app === 'admin' ? `/admin/plugins/${plugin}${path}` : `/p/${plugin}${path}`
      return pageConflict(
        app,
        shown,
        same.map(({ release, at }) => rowOf(release, 'contributes', `${app}.pages`, at)),
      )
    },
  )
  return {
    pages: found.map(({ page }) => page).toSorted(by((page) => [page.app, page.plugin, page.path])),
    problems,
  }
}

/** Fills of both apps, as they stand in their slots: sorted by app, slot, order and plugin. */
export function planFills(releases: readonly Release[]): {
  fills: readonly PlannedFill[]
  problems: readonly Problem[]
} {
  const found = apps.flatMap((app) =>
    releases.flatMap((release) =>
      (release.manifest.contributes[`${app}.slots`] ?? []).map((each, at) => ({
        release,
        path: ['contributes', `${app}.slots`, at] as const,
        isOptional: each.optional === true,
        fill: {
          app,
          plugin: release.name,
          slot: each.slot,
          mode: each.mode ?? 'append',
          order: each.order ?? 50,
          ...optional(each),
          file: each.component,
        } satisfies PlannedFill,
      })),
    ),
  )
  const known = found.filter(({ fill }) => slotNames[fill.app].includes(fill.slot))
  const unknown = found
    .filter((each) => !known.includes(each) && !each.isOptional)
    .map(({ release, path, fill }) =>
      unknownSlot(
        release,
        fill.app,
        fill.slot,
        path,
        nearest(fill.slot, slotNames[fill.app]),
        slotNames[fill.app],
      ),
    )
  const replacing = known.filter(({ fill }) => fill.mode === 'replace')
  const refused = replacing
    .filter(({ fill }) => !(replaceableSlots as readonly string[]).includes(fill.slot)) // a list of literals, asked for any text
    .map(({ release, path, fill }) => notReplaceable(release, fill.slot, path, replaceableSlots))
  const conflicts = groups(replacing, ({ fill }) => `${fill.app} ${fill.slot}`).map((same) =>
    slotConflict(
      same[0].fill.app,
      same[0].fill.slot,
      same.map(({ release, path }) => rowOf(release, ...path)),
      same.map(({ release }) => release.name),
    ),
  )
  return {
    fills: known
      .map(({ fill }) => fill)
      .toSorted(
        by((fill) => [
          fill.app,
          fill.slot,
          String(fill.order + 1_000_000).padStart(8, '0'),
          fill.plugin,
          fill.file,
        ]),
      ),
    problems: [...unknown, ...refused, ...conflicts],
  }
}

const optional = ({ icon, permission }: { icon?: string; permission?: string }) => ({
  ...(icon === undefined ? {} : { icon }),
  ...(permission === undefined ? {} : { permission }),
})

/** Members that share a key with another, a group each. */
export function groups<T>(
  all: readonly T[],
  key: (value: T) => string,
): readonly (readonly [T, ...T[]])[] {
  const found = new Map<string, [T, ...T[]]>()
  for (const each of all) {
    const group = found.get(key(each))
    if (group) group.push(each)
    else found.set(key(each), [each])
  }
  return [...found.values()].filter((group) => group.length > 1)
}

/** Compares by a list of texts, by code point. */
export const by =
  <T>(keys: (value: T) => readonly string[]) =>
  (a: T, b: T): number => {
    const left = keys(a)
    const right = keys(b)
    for (const [at, text] of left.entries()) {
      const other = right[at] ?? ''
      if (text !== other) return text < other ? -1 : 1
    }
    return 0
  }

import type { MigrationStep } from '@bitcartcc/domain/migration-plan'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Offered, Release } from '../model/release.ts'
import { dependencyOrder } from './dependency-order.ts'
import { orderCircle } from './order-problems.ts'
import type { ReadOwner } from './read-owner.ts'
import { dependencyCircle } from './sql-problems.ts'
import { stepOrder, type Edge } from './step-order.ts'
import { edgesOf, needs } from './told-order.ts'
import { pluginOf } from './told.ts'

/**
 * Puts all steps into one order: core's, then each plugin's after all of those it needs, ties by name. Where a plugin says
 * which migrations of another it waits for, these take the place of all.
 */
export function orderOf(
  releases: readonly Release[],
  read: ReadonlyMap<string, ReadOwner>,
  offered: readonly Offered[],
): {
  readonly steps: readonly MigrationStep[]
  readonly plugins: readonly Release[]
  readonly problems: readonly Problem[]
} {
  const told = [...read.values()].flatMap((owner) => owner.told)
  const settled = new Set(
    told.map(({ plugin, way, other }) =>
      way === 'after' ? pairOf(plugin, pluginOf(other)) : pairOf(pluginOf(other), plugin),
    ),
  )
  const isTold = (plugin: string, needed: string) => settled.has(pairOf(plugin, needed))
  const { releases: plugins, circle } = dependencyOrder(releases, isTold)
  const steps = ['core', ...plugins.map(({ name }) => name)].flatMap(
    (name) => read.get(name)?.steps ?? [],
  )
  const { edges, problems } = edgesOf(told, { steps, releases, offered })
  if (circle.length > 0)
    return { steps, plugins, problems: [dependencyCircle(circle), ...problems] }
  const ordered = stepOrder(
    steps.map(({ id }) => id),
    [...edges, ...untold(plugins, read, isTold)],
  )
  const waits = Map.groupBy(edges, ({ id }) => id)
  const byId = new Map(steps.map((step) => [step.id, step]))
  return {
    steps: ordered.order.flatMap((id) => {
      const after = (waits.get(id) ?? []).map((edge) => edge.after)
      const step = byId.get(id)
      return step ? [after.length > 0 ? { ...step, after: sortedOnce(after) } : step] : []
    }),
    plugins,
    problems:
      ordered.circle.length > 0
        ? [...problems, orderCircle(ordered.circle, (id) => read.get(pluginOf(id))?.owner ?? id)]
        : problems,
  }
}

const pairOf = (plugin: string, needed: string) => `${plugin} ${needed}`
const sortedOnce = (ids: readonly string[]) => [...new Set(ids)].toSorted()

/** What nobody needs to write down: a file comes after the one before it, and a plugin after those it needs. */
function untold(
  plugins: readonly Release[],
  read: ReadonlyMap<string, ReadOwner>,
  isTold: (plugin: string, needed: string) => boolean,
): readonly Edge[] {
  const idsOf = (name: string) => (read.get(name)?.steps ?? []).map(({ id }) => id)
  return plugins.flatMap((release) => {
    const [first, ...rest] = idsOf(release.name)
    if (first === undefined) return []
    return [
      ...[first, ...rest].flatMap((after, at) => {
        const id = rest[at]
        return id === undefined ? [] : [{ id, after, because: 'the number before it' }]
      }),
      ...plugins.flatMap(({ name }) => {
        const last = idsOf(name).at(-1)
        if (last === undefined || !needs(release, name) || isTold(release.name, name)) return []
        return [{ id: first, after: last, because: `${release.name} requires ${name}` }]
      }),
    ]
  })
}

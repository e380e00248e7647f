/** One migration waits for another. */
export interface Edge {
  readonly id: string
  readonly after: string
  /** `migrations/0002_levels.sql:1`, or the words for what nobody wrote down. */
  readonly because: string
}

/**
 * Orders steps so that each comes after those it waits for; of those that could come next, the one that stands first in
 * `steps` does. Gives the circle instead where some wait for each other.
 *
 * Source: Kahn's algorithm, with the place in `steps` as the priority.
 */
export function stepOrder(
  steps: readonly string[],
  edges: readonly Edge[],
): { readonly order: readonly string[]; readonly circle: readonly Edge[] } {
  const waits = Map.groupBy(edges, ({ id }) => id)
  const left = [...steps]
  const order = new Set<string>()
  const unmet = (id: string) => (waits.get(id) ?? []).find(({ after }) => !order.has(after))
  while (left.length > 0) {
    const at = left.findIndex((id) => unmet(id) === undefined)
    if (at === -1) return { order: [...order, ...left], circle: circleFrom(left[0] ?? '', unmet) }
    for (const id of left.splice(at, 1)) order.add(id)
  }
  return { order: [...order], circle: [] }
}

/** Every step that is left waits for one that is left: following these comes back to where it was. */
function circleFrom(first: string, unmet: (id: string) => Edge | undefined): readonly Edge[] {
  const walked: Edge[] = []
  let edge = unmet(first)
  while (edge && !walked.some(({ id }) => id === edge?.id)) {
    walked.push(edge)
    edge = unmet(edge.after)
  }
  return walked.slice(walked.findIndex(({ id }) => id === edge?.id))
}

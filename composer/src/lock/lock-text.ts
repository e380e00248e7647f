import type { Lock } from '../model/lock.ts'

/** The lock as it stands in its file: JSON, keys sorted, one fact a line. */
export function lockText(lock: Lock): string {
  return `${JSON.stringify(sorted(lock), null, 2)}\n`
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** What changed from one lock to the next, a line each; names what a reader knows. */
export function lockChanges(previous: Lock | undefined, next: Lock): readonly string[] {
  if (!previous) return []
  const lines: string[] = []
  const add = (name: string, before: string | undefined, after: string | undefined) => {
    if (before === after) return
    if (before === undefined) lines.push(`+ ${name} ${after ?? ''}`)
    else if (after === undefined) lines.push(`- ${name} ${before}`)
    else lines.push(`${name} ${before} → ${after}`)
  }
  add('core', previous.core.version, next.core.version)
  if (previous.core.version === next.core.version && previous.core.tree !== next.core.tree)
    lines.push(`core ${next.core.version}: other files`)
  for (const name of [
    ...new Set([...Object.keys(previous.plugins), ...Object.keys(next.plugins)]),
  ].toSorted()) {
    const [before, after] = [previous.plugins[name], next.plugins[name]]
    add(name, before?.version, after?.version)
    if (before?.version === after?.version && before?.tree !== after?.tree)
      lines.push(`${name} ${after?.version ?? ''}: other files`)
  }
  for (const key of ['node', 'compose'] as const)
    add(key, previous.toolchain[key], next.toolchain[key])
  return lines
}

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

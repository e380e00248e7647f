export type State = 'up' | 'down' | 'unknown'

/** Reads `status.json`; unknown until the page has looked once. Undefined for what is no such file. */
export function stateIn(answer: unknown): State | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { isUp, checkedAt } = answer as { isUp?: unknown; checkedAt?: unknown } // an object, asked for two of its fields
  if (typeof isUp !== 'boolean') return undefined
  if (typeof checkedAt !== 'string') return 'unknown'
  return isUp ? 'up' : 'down'
}

import { HttpError } from '@bitcartcc/sdk/server'

const deepest = 100

interface Fault {
  readonly place: readonly string[]
  readonly says: string
}

/** Refuses what no handler can keep, and says where it stands: a NUL, which PostgreSQL has no place for, and bottomless nesting. */
export function refuseUnstorable(...parts: readonly unknown[]): void {
  for (const part of parts) {
    const fault = faultIn(part, 0)
    if (!fault) continue
    const field = fault.place.slice(0, 5).join('.').replaceAll('\0', '') || 'body'
    throw new HttpError(422, 'Some fields do not fit.', [{ field, says: fault.says }])
  }
}

function faultIn(value: unknown, depth: number): Fault | undefined {
  if (typeof value === 'string') return value.includes('\0') ? nul : undefined
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined
  if (depth > deepest) return { place: [], says: `must not be nested deeper than ${deepest} times` }
  for (const [name, each] of Object.entries(value)) {
    const fault = name.includes('\0') ? nul : faultIn(each, depth + 1)
    if (fault) return { ...fault, place: [name, ...fault.place] }
  }
  return undefined
}

const nul: Fault = { place: [], says: 'must not contain a NUL character' }

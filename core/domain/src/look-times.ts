import type { InvoiceStatus } from '@bitcartcc/sdk/resources'
import { isTooLate } from './invoice-status.ts'

/** What decides how soon a request is looked at again; all in seconds. */
export interface LookFacts {
  readonly status: InvoiceStatus
  /** Since the request was made. */
  readonly age: number
  /** Since the invoice became complete; null where it did not. */
  readonly sinceComplete: number | null
  /** Since the time to pay was over; negative before. */
  readonly sinceExpiry: number
  /** Looks in a row that failed. */
  readonly failures: number
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/**
 * Seconds until a request is looked at again; null where nobody looks any more.
 *
 * Often while a buyer may be waiting; a day long after it is complete, for what a chain takes back; a week long for what comes late.
 */
export function nextLook({
  status,
  age,
  sinceComplete,
  sinceExpiry,
  failures,
}: LookFacts): number | null {
  const isOver =
    status === 'complete'
      ? (sinceComplete ?? 0) > day
      : isTooLate.has(status) && sinceExpiry > 7 * day
  if (isOver) return null
  const wanted = secondsBetween(status, age)
  return failures === 0 ? wanted : Math.max(wanted, Math.min(10 * minute, 10 * 2 ** failures))
}

function secondsBetween(status: InvoiceStatus, age: number): number {
  if (status === 'complete' || isTooLate.has(status) || age > day) return 10 * minute
  return status === 'confirmed' || age > hour ? minute : 10
}

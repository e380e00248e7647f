import { expect, test } from 'vitest'
import { nextLook, type LookFacts } from './look-times.ts'

test('a request is looked at often while a buyer waits, seldom for what comes late, and not for ever', () => {
  const facts = { status: 'pending', age: 60, sinceComplete: null, sinceExpiry: -60, failures: 0 }
  const day = 86_400
  const found: readonly Partial<LookFacts>[] = [
    {},
    { age: 7200 },
    { status: 'paid', age: 40 * day, sinceExpiry: 40 * day },
    { failures: 1 },
    { failures: 40 },
    { status: 'confirmed' },
    { status: 'confirmed', sinceExpiry: 30 * day },
    { status: 'complete', sinceComplete: 60 },
    { status: 'complete', sinceComplete: 2 * day },
    { status: 'expired', sinceExpiry: day },
    { status: 'invalid', sinceExpiry: 8 * day },
  ]
  const seconds = found.map((change) => nextLook({ ...facts, ...change } as LookFacts)) // facts has the rest
  expect(seconds).toEqual([10, 60, 600, 20, 600, 60, 60, 600, null, 600, null])
})

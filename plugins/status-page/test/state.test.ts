import { expect, test } from 'vitest'
import { stateIn } from '../store/state.ts'

test('the line in the footer says what the status page says, and nothing of what is none', () => {
  const checkedAt = '2026-01-01T00:00:00.000Z'
  expect(
    [
      { isUp: true, checkedAt },
      { isUp: false, checkedAt },
      { isUp: false, checkedAt: null },
      { status: 'live' },
      '<!doctype html>',
      null,
    ].map(stateIn),
  ).toEqual(['up', 'down', 'unknown', undefined, undefined, undefined])
})

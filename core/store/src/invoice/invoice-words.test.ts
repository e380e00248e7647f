import { expect, test } from 'vitest'
import { timeLeft } from './invoice-words.ts'

test('time left is worded in the units a person plans with, and never runs below nothing', () => {
  const second = 1000
  const hour = 3600 * second
  expect(
    [-5 * second, 59 * second, 61 * second, hour - 1, 25 * hour, 72 * hour].map(timeLeft),
  ).toEqual(['0 s', '59 s', '1 min 01 s', '59 min 59 s', '25 h 0 min', '3 days'])
})

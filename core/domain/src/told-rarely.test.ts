import { expect, test } from 'vitest'
import { toldRarely } from './told-rarely.ts'

test('what is said again and again is told at once, and then each half minute with how often it was said', () => {
  const told: (readonly [number, string, number])[] = []
  let ms = 0
  const say = toldRarely(
    (message, times) => void told.push([ms, message, times]),
    () => ms,
  )
  for (; ms < 90_000; ms += 1000) {
    say('the database is away')
    if (ms === 40_000) say('the disk is full')
  }
  expect(told).toEqual([
    [0, 'the database is away', 1],
    [30_000, 'the database is away', 30],
    [40_000, 'the disk is full', 1],
    [60_000, 'the database is away', 30],
  ])
})

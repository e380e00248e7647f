import { expect, test } from 'vitest'
import { averageOf } from '../api/ratings.ts'
import { visitorHash } from '../api/vote.ts'

test('the average counts each vote once and has two digits', () => {
  expect(
    [
      [],
      [{ stars: 3, count: 0 }],
      [
        { stars: 5, count: 2 },
        { stars: 4, count: 1 },
      ],
    ].map(averageOf),
  ).toEqual([
    { average: null, count: 0 },
    { average: null, count: 0 },
    { average: 4.67, count: 3 },
  ])
})

test('a vote is kept under a name that tells visitors apart and names none', () => {
  const [one, again, other] = ['visitor-1', 'visitor-1', 'visitor-2'].map(visitorHash)
  expect({ same: one === again, apart: one !== other, names: one?.includes('visitor') }).toEqual({
    same: true,
    apart: true,
    names: false,
  })
})

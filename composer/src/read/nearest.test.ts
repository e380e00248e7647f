import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test('gives the nearest name, and none where nothing is near', () => {
  const names = ['ratings', 'batch-import', 'status-page']
  expect(
    ['ratinqs', 'rating', 'raitngs', 'Ratings', 'status_page', 'loyalty', 'r'].map((name) =>
      nearest(name, names),
    ),
  ).toEqual(['ratings', 'ratings', 'ratings', 'ratings', 'status-page', undefined, undefined])
})

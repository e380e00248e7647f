import { expect, test } from 'vitest'
import { propWords } from './prop-words.ts'

test('what a slot gives is told by names and shapes, never by values', () => {
  const product = { id: 'p1', price: '21.50' }
  expect(propWords({ product, reload: () => {}, ids: ['a'], busy: true, nothing: null })).toBe(
    'product { id, price }, reload(), ids[], busy: boolean, nothing: object',
  )
  expect(propWords({})).toBe('')
})

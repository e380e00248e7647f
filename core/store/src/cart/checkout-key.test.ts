import { expect, test } from 'vitest'
import { checkoutKey, forgetCheckoutKey } from './checkout-key.ts'

test('a second try of one purchase has its key; another content or a made purchase has a new one', () => {
  const item = { productId: 'mug', name: 'Mug', imageUrl: null, price: '5', available: null }
  const one = { id: 'c1', items: [{ ...item, quantity: 1, total: '5' }], total: '5' }
  const two = { id: 'c1', items: [{ ...item, quantity: 2, total: '10' }], total: '10' }
  const first = checkoutKey(one)
  const again = checkoutKey(one)
  const more = checkoutKey(two)
  forgetCheckoutKey()
  const later = checkoutKey(two)
  expect(again).toBe(first)
  expect(new Set([first, more, later]).size).toBe(3)
})

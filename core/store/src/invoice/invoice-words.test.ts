import { expect, test } from 'vitest'
import type { Payment } from '@bitcartcc/sdk/resources'
import { paymentWords, timeLeft } from './invoice-words.ts'

test('time left is worded in the units a person plans with, and never runs below nothing', () => {
  const second = 1000
  const hour = 3600 * second
  expect(
    [-5 * second, 59 * second, 61 * second, hour - 1, 25 * hour, 72 * hour].map(timeLeft),
  ).toEqual(['0 s', '59 s', '1 min 01 s', '59 min 59 s', '25 h 0 min', '3 days'])
})

test('a payment says how far it has come', () => {
  const payment = { confirmations: 1, requiredConfirmations: 3 } as Payment // what the words are made of
  expect(
    (['seen', 'confirmed', 'settled', 'failed'] as const).map((status) =>
      paymentWords({ ...payment, status }),
    ),
  ).toEqual([
    'Seen, 1 of 3 confirmations',
    'Seen, 1 of 3 confirmations',
    'Received',
    'Will not arrive',
  ])
})

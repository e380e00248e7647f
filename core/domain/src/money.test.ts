import Big from 'big.js'
import { expect, test } from 'vitest'
import { shown } from './money.ts'

const amounts = [
  '0.00000000',
  '12.50000000',
  '12.34500000',
  '12.34499999',
  '0.10000000',
  '999999999999999.99999999',
  '100.00000000',
  '0.00000001',
  '12.5',
  '12',
  '1e3',
  '012.50',
  '-3.10',
]

test.each([
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['BTC', 8],
])('amounts in %s have %i digits, rounded as money is', (currency, digits) => {
  expect(amounts.map((amount) => shown(amount, currency))).toEqual(
    amounts.map((amount) => new Big(amount).toFixed(digits, Big.roundHalfUp)),
  )
})

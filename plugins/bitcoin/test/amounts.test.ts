import { expect, test } from 'vitest'
import { priceOf, satoshiFor, textOf, unitsOf } from '../payments/amounts.ts'
import { bip21 } from '../payments/bip21.ts'

test('amounts are exact, and a started satoshi counts whole', () => {
  const cost = (amount: string, price: string) =>
    textOf(satoshiFor(unitsOf(amount) ?? 0n, priceOf(price)?.rate ?? '1'))
  expect([
    cost('65000', '65000 USD'),
    cost('0.01', '65000 USD'),
    cost('100', '30000 USD'),
    cost('9007199254740993', '0.00000001 JPY'),
  ]).toEqual(['1.00000000', '0.00000016', '0.00333334', '900719925474099300000000.00000000'])
  // Rates have more digits than amounts, and none of them is lost.
  expect(
    ['65000.123456789012345678', '0.000000000000000001', '123456789012345678'].map((rate) =>
      satoshiFor(100_000_000n, rate),
    ),
  ).toEqual([1539n, 100_000_000_000_000_000_000_000_000n, 1n])
  expect(['1.123456789', '-1', '1e3', '', '007'].map(unitsOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    700_000_000n,
  ])
  expect(['65000', '0 USD', 'USD 65000', '65,000 USD'].map(priceOf)).toEqual(
    Array.from({ length: 4 }),
  )
})

test('a wallet is opened with the amount and a label', () => {
  expect([bip21('bc1q', '0.01000000', 'Invoice 5'), bip21('bc1q', '100.00000000', 'é&')]).toEqual([
    'bitcoin:bc1q?amount=0.01&label=Invoice%205',
    'bitcoin:bc1q?amount=100&label=%C3%A9%26',
  ])
})

import { expect, test } from 'vitest'
import { formatMoney } from './money.ts'

test('money keeps every digit it was given', () => {
  const shown = (amount: string, currency: string) => formatMoney(amount, currency, 'en-US')
  expect({
    usual: shown('21.5', 'USD'),
    beyondFloats: shown('900719925474099.12', 'USD'),
    crypto: shown('0.00001234', 'BTC'),
    padded: shown('0.10000000', 'BTC'),
    whole: shown('1500', 'JPY'),
    longCode: shown('3.125', 'USDT'),
  }).toEqual({
    usual: '$21.50',
    beyondFloats: '$900,719,925,474,099.12',
    crypto: 'BTC\u00a00.00001234',
    padded: 'BTC\u00a00.10',
    whole: '¥1,500',
    longCode: '3.125 USDT',
  })
})

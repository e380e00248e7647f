import { expect, test } from 'vitest'
import { stepsAfter } from './invoice-status.ts'
import { leastOf, remaining, valueOf, type ReceivedPayment } from './received.ts'

const owed = { status: 'pending', amount: '100.00', currency: 'USD', least: '100' } as const
const coins = (amount: string, more: Partial<ReceivedPayment> = {}): ReceivedPayment => ({
  method: 'coins',
  amount,
  due: '0.003',
  status: 'seen',
  isLate: false,
  ...more,
})
const up = ['paid', 'confirmed', 'complete']

test('payments take an invoice up as far as what covers it is sure, and never down', () => {
  const [part, rest] = ['0.001', '0.002']
  const found = [
    [owed, [coins(part)]],
    [owed, [coins(part), coins(rest)]],
    [owed, [coins(part, { status: 'settled' }), coins(rest, { status: 'confirmed' })]],
    [owed, [coins(part, { status: 'settled' }), coins(rest, { status: 'settled' })]],
    [owed, [coins('0.00300001', { status: 'settled' })]],
    [owed, [coins('0.0031', { status: 'settled' })]],
    [owed, [coins('0.003', { status: 'failed' })]],
    [{ ...owed, status: 'confirmed' }, [coins('0.003')]],
    [{ ...owed, status: 'paid' }, [coins('0.003', { status: 'failed' })]],
    [
      { ...owed, status: 'paid' },
      [coins('0.003', { status: 'failed' }), coins('0.003', { status: 'settled' })],
    ],
    [{ ...owed, status: 'complete' }, [coins('0.003', { status: 'failed' })]],
    [{ ...owed, status: 'expired' }, [coins('0.003', { status: 'settled', isLate: true })]],
    [{ ...owed, status: 'expired' }, [coins('0.001', { status: 'settled' })]],
    [{ ...owed, amount: '0.00', least: '0' }, []],
    [{ ...owed, amount: '0.00', least: '0' }, [coins('0', { due: '0', status: 'settled' })]],
  ] as const
  expect(
    found.map(([invoice, payments]) => {
      const { steps, exception } = stepsAfter(invoice, payments)
      return [...steps, exception]
    }),
  ).toEqual([
    ['paid_partial'],
    ['paid', 'none'],
    ['paid', 'confirmed', 'none'],
    [...up, 'none'],
    // Less than one cent too much is nobody's business.
    [...up, 'none'],
    [...up, 'paid_over'],
    ['none'],
    ['none'],
    ['invalid', 'failed_confirm'],
    ['confirmed', 'complete', 'none'],
    ['failed_confirm'],
    ['paid_late'],
    ['paid_partial'],
    ['none'],
    [...up, 'none'],
  ])
})

test('a store that takes less says how much: so much pays an invoice, and one unit less does not', () => {
  const paidWith = (
    amount: string,
    percent: string,
    currency: string,
    given: string,
    more: readonly ReceivedPayment[] = [],
  ) => {
    const invoice = { status: 'pending', amount, currency } as const
    const { steps, exception } = stepsAfter({ ...invoice, least: leastOf(amount, percent) }, [
      { method: 'cash', amount: given, due: amount, status: 'settled', isLate: false },
      ...more,
    ])
    return [...steps, exception].join(' ')
  }
  const allTheWay = (exception: string) => [...up, exception].join(' ')
  expect([leastOf('9.99', '1'), leastOf('9.99', '0'), leastOf('0.00000003', '33.3')]).toEqual([
    '9.8901',
    '9.99',
    '0.00000002001',
  ])
  expect([
    paidWith('100.00', '1', 'USD', '99.00'),
    paidWith('100.00', '1', 'USD', '98.99'),
    paidWith('100.00', '0.1', 'USD', '99.90'),
    paidWith('100.00', '0.1', 'USD', '99.89'),
    paidWith('9.99', '1', 'EUR', '9.90'),
    paidWith('9.99', '1', 'EUR', '9.89'),
    paidWith('1000', '0.1', 'JPY', '999'),
    paidWith('1000', '0.1', 'JPY', '998'),
    paidWith('1.00000000', '0.000001', 'BTC', '0.99999999'),
    paidWith('1.00000000', '0.000001', 'BTC', '0.99999998'),
    paidWith('100.00', '0', 'USD', '99.99'),
    paidWith('100.00', '1', 'USD', '100.00'),
    paidWith('100.00', '1', 'USD', '100.01'),
  ]).toEqual([
    allTheWay('paid_under'),
    'paid_partial',
    allTheWay('paid_under'),
    'paid_partial',
    allTheWay('paid_under'),
    'paid_partial',
    allTheWay('paid_under'),
    'paid_partial',
    allTheWay('paid_under'),
    'paid_partial',
    'paid_partial',
    allTheWay('none'),
    allTheWay('paid_over'),
  ])
  // The rest comes all the same; half of a payment by another method counts for half.
  const rest = coins('0.00003', { status: 'settled' })
  expect(paidWith('100.00', '1', 'USD', '99.00', [rest])).toBe(allTheWay('none'))
  const half = coins('0.0015', { status: 'seen' })
  expect(paidWith('100.00', '1', 'USD', '49.00', [half])).toBe('paid paid_under')
  expect(paidWith('100.00', '1', 'USD', '48.99', [half])).toBe('paid_partial')
})

test('thirds of unlike methods come to a whole, and what is left is rounded up once', () => {
  const third = (method: string) => coins('1', { method, due: '3' })
  const thirds = ['a', 'b', 'c'].map(third)
  expect([
    valueOf(thirds, '10.00').toFixed(),
    valueOf(thirds.slice(0, 2), '10.00').toFixed(),
    remaining(thirds.slice(0, 2), '10.00', 'USD').toFixed(),
    remaining(thirds, '10.00', 'USD').toFixed(),
    remaining([coins('0.004')], '100.00', 'USD').toFixed(),
  ]).toEqual(['10', '6.666666666666666667', '3.34', '0', '0'])
})

import { expect, test } from 'vitest'
import { stepsAfter } from './invoice-status.ts'
import { remaining, valueOf, type ReceivedPayment } from './received.ts'

const owed = { status: 'pending', amount: '100.00', currency: 'USD' } as const
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
    [{ ...owed, amount: '0.00' }, []],
    [{ ...owed, amount: '0.00' }, [coins('0', { due: '0', status: 'settled' })]],
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

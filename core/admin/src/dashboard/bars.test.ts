import { expect, test } from 'vitest'
import { barsOf, scaleOf } from './bars.ts'

test('the top of the chart is the next round number', () => {
  expect([[], ['0'], ['0.0004'], ['99'], ['100'], ['1010', '3']].map(scaleOf)).toEqual([
    100, 100, 0.0005, 100, 100, 2000,
  ])
})

test('the smallest sale is still seen', () => {
  const day = (sales: string) => ({ day: '2026-01-01', sales, invoices: 1 })
  expect(
    barsOf([day('0'), day('0.01'), day('50'), day('100')], 100).map((bar) => bar.height),
  ).toEqual([0, 1, 50, 100])
})

import { afterEach, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import { summaryOf, wantSummary } from '../store/summaries.ts'

afterEach(() => vi.unstubAllGlobals())

test('cards that ask in one tick share one request, for at most a hundred products each', async () => {
  const asked: string[][] = []
  vi.stubGlobal('fetch', async (path: string) => {
    const ids = new URL(path, 'http://shop').searchParams.get('ids')?.split(',') ?? []
    asked.push(ids)
    return Response.json({ items: ids.map((productId) => ({ productId, average: 4, count: 2 })) })
  })
  for (let product = 0; product < 120; product++) wantSummary(`product-${product}`)
  wantSummary('product-0')
  await nextTick()
  expect(asked.map((ids) => ids.length)).toEqual([100, 20])
  await vi.waitUntil(() => summaryOf('product-119'))
  expect(summaryOf('product-0')).toEqual({ productId: 'product-0', average: 4, count: 2 })
})

import { shallowReactive } from 'vue'
import { useApi } from '@bitcartcc/sdk/vue'
import type routes from '../api/routes.ts'
import type { Summary } from '../api/shapes.ts'

const perRequest = 100

/** What is known of each product; filled in as answers come. */
const known = shallowReactive(new Map<string, Summary>())
const api = useApi<typeof routes>('ratings')
const wanted = new Set<string>()
let isDue = false

/** Gives a product's summary, undefined until it is there; cards that ask in one tick share one request. */
export function summaryOf(productId: string): Summary | undefined {
  return known.get(productId)
}

/** Asks for a product's summary; all that is asked for in one tick goes out together. */
export function wantSummary(productId: string): void {
  wanted.add(productId)
  if (isDue) return
  isDue = true
  queueMicrotask(() => {
    isDue = false
    const ids = [...wanted]
    wanted.clear()
    for (let from = 0; from < ids.length; from += perRequest)
      void read(ids.slice(from, from + perRequest))
  })
}

/** Shows what a vote has just changed. */
export function keepSummary({ productId, average, count }: Summary): void {
  known.set(productId, { productId, average, count })
}

async function read(ids: readonly string[]) {
  try {
    const { items } = await api('GET /summaries', { query: { ids: ids.join(',') } })
    for (const summary of items) keepSummary(summary)
  } catch {
    // A card without stars is a whole card: the next visit asks again.
  }
}

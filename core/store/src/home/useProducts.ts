import { ref, shallowRef, watch } from 'vue'
import type { Page, Product } from '@bitcartcc/sdk/resources'
import { request } from '@bitcartcc/sdk/vue'
import { errorText } from '@bitcartcc/ui'

/** Which products are listed. */
export interface ProductQuery {
  readonly storeId: string
  readonly search: string
  readonly category: string
}

/** Reads the products page by page; from the start again whenever the query changes. */
export function useProducts(query: () => ProductQuery) {
  const products = shallowRef<readonly Product[]>([])
  const next = ref<string | null>(null)
  const isBusy = ref(true)
  const failure = ref('')
  let turn = 0
  let readAt = 0

  async function read(cursor: string | null): Promise<void> {
    const mine = ++turn
    isBusy.value = true
    failure.value = ''
    const given = Object.entries({ ...query(), limit: '24', cursor: cursor ?? '' })
    const words = new URLSearchParams(given.filter(([, value]) => value !== ''))
    try {
      const page = await request<Page<Product>>('GET', `/api/products?${words}`)
      if (mine !== turn) return
      products.value = cursor === null ? page.items : [...products.value, ...page.items]
      next.value = page.next
      readAt = Date.now()
    } catch (error) {
      if (mine === turn) failure.value = errorText(error)
    } finally {
      if (mine === turn) isBusy.value = false
    }
  }
  const reload = () => read(null)
  const loadMore = () => read(next.value)
  /** Prices and stock change while a visitor reads elsewhere. A long list stays: its reader would lose the place. */
  function refresh() {
    if (Date.now() - readAt > 20_000 && products.value.length <= 24) void reload()
  }
  watch(() => JSON.stringify(query()), reload, { immediate: true })
  return { products, next, isBusy, failure, reload, loadMore, refresh }
}

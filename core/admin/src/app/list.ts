import { ref, shallowRef, watch } from 'vue'
import { request } from '@bitcartcc/sdk/vue'
import type { Page } from '@bitcartcc/sdk/resources'
import { errorText } from '@bitcartcc/ui'

/** Reads a list page by page; from its start again whenever the query changes. Empty values of the query are left out. */
export function useList<T>(path: string, query: () => Readonly<Record<string, string>>) {
  const items = shallowRef<readonly T[]>([])
  const next = ref<string | null>(null)
  const busy = ref(false)
  const error = ref('')
  let latest = 0

  async function read(cursor: string | null) {
    const turn = ++latest
    busy.value = true
    error.value = ''
    const given = Object.entries({ ...query(), limit: '25', cursor: cursor ?? '' }).filter(
      ([, value]) => value !== '',
    )
    try {
      const page = await request<Page<T>>('GET', `${path}?${new URLSearchParams(given)}`)
      if (turn !== latest) return
      items.value = cursor === null ? page.items : [...items.value, ...page.items]
      next.value = page.next
    } catch (thrown) {
      if (turn === latest) error.value = errorText(thrown)
    } finally {
      if (turn === latest) busy.value = false
    }
  }
  const reload = () => read(null)
  const loadMore = () => read(next.value)
  watch(() => JSON.stringify(query()), reload, { immediate: true })
  return { items, next, busy, error, reload, loadMore }
}

import { computed, type ComputedRef } from 'vue'
import type { Store } from '@bitcartcc/sdk/resources'
import { useLoaded } from '../app/load.ts'

/** The store that was read last: from one of its pages to the next its name stays. */
let last: Store | null = null

/** Reads the store of a page. */
export function useStore(id: () => string): {
  readonly store: ComputedRef<Store | null>
  readonly reload: () => Promise<void>
} {
  const { value, reload } = useLoaded<Store>(() => `/api/stores/${encodeURIComponent(id())}`)
  const store = computed(() => {
    if (value.value) last = value.value
    return last?.id === id() ? last : null
  })
  return { store, reload }
}

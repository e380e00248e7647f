import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { request } from '@bitcartcc/sdk/vue'
import { errorText } from '@bitcartcc/ui'

export interface Loaded<T> {
  readonly value: ShallowRef<T | null>
  readonly busy: Ref<boolean>
  /** Why it could not be read; empty where it could. */
  readonly error: Ref<string>
  readonly reload: () => Promise<void>
}

/** Reads one resource now, and again whenever its path changes; nothing while the path is null. */
export function useLoaded<T>(path: () => string | null): Loaded<T> {
  const value = shallowRef<T | null>(null)
  const busy = ref(false)
  const error = ref('')
  let latest = 0

  async function reload() {
    const turn = ++latest
    const from = path()
    if (from === null) return
    busy.value = true
    error.value = ''
    try {
      const answer = await request<T>('GET', from)
      if (turn === latest) value.value = answer
    } catch (thrown) {
      if (turn === latest) error.value = errorText(thrown)
    } finally {
      if (turn === latest) busy.value = false
    }
  }
  watch(path, reload, { immediate: true })
  return { value, busy, error, reload }
}

import { ref, shallowRef, watch } from 'vue'
import { ApiError, request } from '@bitcartcc/sdk/vue'
import { errorText } from '@bitcartcc/ui'

/** Reads one resource now, and again whenever its path changes; nothing while the path is null. */
export function useLoaded<T>(path: () => string | null) {
  const value = shallowRef<T | null>(null)
  const isBusy = ref(false)
  const isMissing = ref(false)
  const failure = ref('')
  let turn = 0

  async function reload(): Promise<void> {
    const mine = ++turn
    const from = path()
    if (from === null) return
    isBusy.value = true
    failure.value = ''
    isMissing.value = false
    try {
      const read = await request<T>('GET', from)
      if (mine === turn) value.value = read
    } catch (error) {
      if (mine !== turn) return
      isMissing.value = error instanceof ApiError && error.problem.status === 404
      failure.value = errorText(error)
    } finally {
      if (mine === turn) isBusy.value = false
    }
  }
  watch(
    path,
    () => {
      value.value = null
      void reload()
    },
    { immediate: true },
  )
  return { value, isBusy, isMissing, failure, reload }
}

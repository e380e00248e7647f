import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** Follows a text once its writer has paused for `delayMs`. */
export function debounced(source: Ref<string>, delayMs = 250): Ref<string> {
  const settled = ref(source.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => (settled.value = now.trim()), delayMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}

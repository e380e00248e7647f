import { ref, shallowRef } from 'vue'
import { errorText, fieldErrors } from '@bitcartcc/ui'

/** Keeps what a form must know while it is sent: whether it is on its way, and what the API said about it and its fields. */
export function useForm() {
  const busy = ref(false)
  const error = ref('')
  const errors = shallowRef<Record<string, string>>({})

  /** Does the work once; gives true where it went well. */
  async function submit(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = ''
    errors.value = {}
    try {
      await work()
      return true
    } catch (thrown) {
      errors.value = fieldErrors(thrown)
      error.value = errorText(thrown)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, errors, submit }
}

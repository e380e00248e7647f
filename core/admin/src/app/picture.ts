import { ref } from 'vue'
import { request } from '@bitcartcc/sdk/vue'
import { errorText, toast } from '@bitcartcc/ui'

/** Sends a picture to where one is kept, or takes it away; `changed` gets the record as it is then. */
export function usePicture<T>(
  path: () => string,
  words: () => { readonly saved: string; readonly removed: string },
  changed: (record: T) => unknown,
) {
  const error = ref('')
  const busy = ref(false)
  async function change(method: 'PUT' | 'DELETE', file?: File) {
    error.value = ''
    busy.value = true
    try {
      changed(await request<T>(method, path(), file))
      const { saved, removed } = words()
      toast(file ? saved : removed)
    } catch (thrown) {
      error.value = errorText(thrown)
    } finally {
      busy.value = false
    }
  }
  return {
    error,
    busy,
    send: (file: File) => change('PUT', file),
    remove: () => change('DELETE'),
  }
}

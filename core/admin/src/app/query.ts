import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** One word of the page's address, kept there so that a reload and a link show the same; absent where it is the usual one. */
export function useQuery(name: string, usual = ''): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get() {
      const given = route.query[name]
      return typeof given === 'string' ? given : usual
    },
    set(value) {
      const { [name]: _, ...others } = route.query
      void router.replace({ query: value === usual ? others : { ...others, [name]: value } })
    },
  })
}

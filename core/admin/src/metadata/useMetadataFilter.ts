import { computed, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'

/** What must be noted about the records of a list, from the page's address; empty where it says nothing. */
export function useMetadataFilter(): ComputedRef<string> {
  const route = useRoute()
  return computed(() => {
    const { metadata } = route.query
    return typeof metadata === 'string' ? metadata : ''
  })
}

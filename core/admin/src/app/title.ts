import { shallowRef, watchEffect } from 'vue'

type Title = () => string | undefined
const shown = shallowRef<Title>(() => undefined)
// Follows what is read, and the language it is read in.
watchEffect(
  () => {
    const known = shown.value()
    if (known) document.title = `${known} · BitcartCC`
  },
  { flush: 'sync' },
)

/** Names the tab of the browser after the page; used where the name is known later than the route. */
export function useTitle(title: Title): void {
  showTitle(title)
}

/** Names the tab of the browser; what is not known yet leaves it as it is. */
export function showTitle(title: Title): void {
  shown.value = title
}

import { watchEffect } from 'vue'

/** Names the tab of the browser after the page; used where the name is known later than the route. */
export function useTitle(title: () => string | undefined): void {
  watchEffect(() => {
    const known = title()
    if (known) showTitle(known)
  })
}

/** Names the tab of the browser. */
export function showTitle(title: string): void {
  document.title = `${title} · BitcartCC`
}

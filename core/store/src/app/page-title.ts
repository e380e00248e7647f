import { nextTick, onActivated, onDeactivated, watch } from 'vue'
import { useShop } from '../shop/useShop.ts'
import { elementNamed } from './element.ts'
import { t } from './texts.ts'

let isWanted = false

/** The next page that has a title focuses its heading, so that a screen reader starts there. */
export function headingWanted(): void {
  isWanted = true
}

/** Names the page in the browser's tab; null while its name is not known yet. */
export function usePageTitle(title: () => string | null): void {
  const { shop } = useShop()
  let isShown = true
  const show = () => {
    const name = title()
    if (!isShown || name === null) return
    const store = shop.store?.name ?? t('Store')
    document.title = name === store || name === '' ? store : `${name} · ${store}`
    if (!isWanted) return
    isWanted = false
    void focusHeading()
  }
  watch([title, () => shop.store?.name], show, { immediate: true })
  onDeactivated(() => (isShown = false))
  onActivated(() => {
    isShown = true
    show()
  })
}

async function focusHeading() {
  await nextTick()
  const heading = await elementNamed('main h1')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

import { createApp } from 'vue'
import type { StoreWiring } from '@bitcartcc/sdk/wiring'
import { openLanguage } from '@bitcartcc/ui'
import '@bitcartcc/ui/style.css'
import './store.css'
import StoreApp from './StoreApp.vue'
import { createStoreRouter } from './app/router.ts'
import { ownLocales } from './app/texts.ts'
import { wiringKey } from './app/wiring.ts'

/**
 * The shop a customer sees.
 *
 * Comes in: the pages and fills of the chosen plugins. Goes out: a running app in `#app`, under /.
 * Look next at `app/routes.ts` (every page), `shop/useShop.ts` (which store is shown) and `cart/useCart.ts`.
 */
export async function createStore(wiring: StoreWiring): Promise<void> {
  await openLanguage([...ownLocales, ...wiring.locales])
  createApp(StoreApp).provide(wiringKey, wiring).use(createStoreRouter(wiring)).mount('#app')
}

import { createApp } from 'vue'
import type { AdminWiring } from '@bitcartcc/sdk/wiring'
import { openLanguage } from '@bitcartcc/ui'
import '@bitcartcc/ui/style.css'
import AdminApp from './AdminApp.vue'
import { createAdminRouter } from './app/router.ts'
import { ownLocales } from './app/texts.ts'
import { wiringKey } from './app/wiring.ts'

/**
 * The merchant's desk.
 *
 * Comes in: the pages and fills of the chosen plugins. Goes out: a running app in `#app`, under /admin/.
 * Look next at `app/routes.ts` (every page) and `app/session.ts` (who is signed in, and what they may do).
 */
export async function createAdmin(wiring: AdminWiring): Promise<void> {
  await openLanguage([...ownLocales, ...wiring.locales])
  createApp(AdminApp).provide(wiringKey, wiring).use(createAdminRouter(wiring)).mount('#app')
}

export { AdminApp }

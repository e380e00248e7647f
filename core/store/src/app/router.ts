import { createRouter, createWebHistory, START_LOCATION, type Router } from 'vue-router'
import type { StoreWiring } from '@bitcartcc/sdk/wiring'
import { elementNamed } from './element.ts'
import { here } from '../shop/place.ts'
import { headingWanted } from './page-title.ts'
import { routesOf } from './routes.ts'

/** Makes the router: history of the browser, scroll kept on the way back, the heading focused on the way forth. */
export function createStoreRouter(wiring: StoreWiring): Router {
  const router = createRouter({
    history: createWebHistory(here.base),
    routes: routesOf(wiring),
    async scrollBehavior(to, from, saved) {
      if (saved) return saved
      if (to.hash) {
        const el = await elementNamed(to.hash)
        return el ? { el } : { top: 0 }
      }
      return to.path === from.path ? false : { top: 0 }
    },
  })
  router.afterEach((to, from) => {
    if (from !== START_LOCATION && to.path !== from.path && !to.hash) headingWanted()
  })
  router.onError((error, to) => openAnew(error, router.resolve(to).href))
  return router
}

/** After an update of the server the old page's chunks are gone: the page is loaded anew, once. */
function openAnew(error: unknown, address: string): void {
  const hasNoChunk = error instanceof TypeError && /import|module/i.test(error.message)
  const key = `bitcartcc-reloaded ${address}`
  if (!hasNoChunk || sessionStorage.getItem(key)) throw error
  sessionStorage.setItem(key, 'yes')
  location.assign(address)
}

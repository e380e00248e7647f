import { watch } from 'vue'
import { createRouter, createWebHistory, type Router } from 'vue-router'
import type { AdminWiring } from '@bitcartcc/sdk/wiring'
import { routesOf } from './routes.ts'
import { loadSession, session } from './session.ts'
import { t, titleOfRoute } from './texts.ts'
import { showTitle } from './title.ts'
import { startAfresh } from './start-afresh.ts'

/** Makes the router: who is not signed in signs in first, and a shop without users starts at its setup. */
export function createAdminRouter(wiring: AdminWiring): Router {
  const router = createRouter({
    history: createWebHistory('/admin/'),
    routes: routesOf(wiring),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })

  router.beforeEach(async (to) => {
    if (!session.isLoaded) await loadSession()
    if (session.failure) return true
    if (session.needsSetup) return to.name === 'setup' ? true : { name: 'setup' }
    if (session.user) return to.meta.open ? { name: 'dashboard' } : true
    return to.name === 'sign-in'
      ? true
      : { name: 'sign-in', query: to.path === '/' ? {} : { next: to.fullPath } }
  })
  router.onError((error, to) => startAfresh(error, router.resolve(to).href))
  router.afterEach((to) => showTitle(() => titleOfRoute(to.meta) ?? t('Admin')))

  watch(
    () => session.user,
    (now, before) => {
      const here = router.currentRoute.value
      if (before && !now && !here.meta.open)
        void router.push({
          name: 'sign-in',
          query: here.path === '/' ? {} : { next: here.fullPath },
        })
    },
  )
  return router
}

import type { RouteRecordRaw } from 'vue-router'
import type { StoreWiring } from '@bitcartcc/sdk/wiring'

/** Every page of the store, each loaded when it is first opened; the pages of plugins come after core's own. */
export function routesOf(wiring: StoreWiring): RouteRecordRaw[] {
  return [
    { path: '/', name: 'home', component: () => import('../home/HomePage.vue') },
    {
      path: '/products/:id',
      name: 'product',
      component: () => import('../product/ProductPage.vue'),
      props: true,
    },
    { path: '/cart', name: 'cart', component: () => import('../cart/CartPage.vue') },
    {
      path: '/checkout',
      name: 'checkout',
      component: () => import('../checkout/CheckoutPage.vue'),
    },
    {
      path: '/invoices/:id',
      name: 'invoice',
      component: () => import('../invoice/InvoicePage.vue'),
      props: true,
    },
    ...wiring.pages.map((page) => ({
      path: `/p/${page.plugin}${page.path === '/' ? '' : page.path}`,
      component: () => import('../plugin/PluginPage.vue'),
      props: { page },
    })),
    {
      path: '/:rest(.*)*',
      name: 'not-found',
      component: () => import('../layout/NotFoundPage.vue'),
    },
  ]
}

import type { RouteRecordRaw } from 'vue-router'
import { english } from '@bitcartcc/sdk/vue'
import type { AdminWiring } from '@bitcartcc/sdk/wiring'
import PluginPage from '../plugin/PluginPage.vue'
import { pluginPath } from './plugin-path.ts'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    /** Whose page it is; absent: core's. */
    plugin?: string
    /** One of them will do. */
    permission?: string | readonly string[]
    /** Where it must be held: in any store, or in the one that the address names. Absent: for the whole house. */
    within?: 'any' | 'store'
    /** Shown without a signed-in user and without the menu. */
    open?: boolean
  }
}

/** Every page of the admin: core's own, then the plugins'. */
export function routesOf(wiring: AdminWiring): RouteRecordRaw[] {
  return [
    {
      path: '/',
      name: 'dashboard',
      component: () => import('../dashboard/DashboardPage.vue'),
      meta: { title: english('Dashboard') },
    },
    {
      path: '/setup',
      name: 'setup',
      component: () => import('../session/SetupPage.vue'),
      meta: { title: english('Welcome'), open: true },
    },
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('../session/SignInPage.vue'),
      meta: { title: english('Sign in'), open: true },
    },
    {
      path: '/profile',
      name: 'profile',
      component: () => import('../profile/ProfilePage.vue'),
      meta: { title: english('Your profile') },
    },

    {
      path: '/products',
      name: 'products',
      component: () => import('../product/ProductListPage.vue'),
      meta: { title: english('Products'), permission: 'products.view', within: 'any' },
    },
    {
      path: '/products/new',
      name: 'product-new',
      component: () => import('../product/ProductFormPage.vue'),
      meta: { title: english('Add a product'), permission: 'products.manage', within: 'any' },
    },
    {
      path: '/products/:id',
      name: 'product',
      component: () => import('../product/ProductFormPage.vue'),
      props: true,
      meta: { title: english('Product'), permission: 'products.view', within: 'any' },
    },
    {
      path: '/invoices',
      name: 'invoices',
      component: () => import('../invoice/InvoiceListPage.vue'),
      meta: { title: english('Invoices'), permission: 'invoices.view', within: 'any' },
    },
    {
      path: '/invoices/:id',
      name: 'invoice',
      component: () => import('../invoice/InvoicePage.vue'),
      props: true,
      meta: { title: english('Invoice'), permission: 'invoices.view', within: 'any' },
    },

    {
      path: '/stores',
      name: 'stores',
      component: () => import('../store/StoreListPage.vue'),
      meta: {
        title: english('Stores'),
        permission: ['stores.manage', 'stores.configure'],
        within: 'any',
      },
    },
    {
      path: '/stores/:id',
      name: 'store',
      component: () => import('../store/StorePage.vue'),
      props: true,
      meta: { title: english('Store'), permission: 'stores.manage', within: 'store' },
    },
    {
      path: '/stores/:id/payments',
      name: 'store-payments',
      component: () => import('../payment/StorePaymentsPage.vue'),
      props: true,
      meta: { title: english('Payments'), permission: 'payments.manage', within: 'store' },
    },
    {
      path: '/stores/:id/webhooks',
      name: 'store-webhooks',
      component: () => import('../webhook/StoreWebhooksPage.vue'),
      props: true,
      meta: { title: english('Webhooks'), permission: 'webhooks.manage', within: 'store' },
    },
    {
      path: '/stores/:id/members',
      name: 'store-members',
      component: () => import('../member/StoreMembersPage.vue'),
      props: true,
      meta: { title: english('Members'), permission: 'members.manage', within: 'store' },
    },
    {
      path: '/stores/:id/notices',
      name: 'store-notices',
      component: () => import('../notice/StoreNoticesPage.vue'),
      props: true,
      meta: { title: english('Notices'), permission: 'notices.manage', within: 'store' },
    },
    {
      path: '/stores/:id/texts',
      name: 'store-texts',
      component: () => import('../text/StoreTextsPage.vue'),
      props: true,
      meta: { title: english('Texts'), permission: 'notices.manage', within: 'store' },
    },
    {
      path: '/stores/:id/settings',
      name: 'store-settings',
      component: () => import('../setting/StoreSettingsPage.vue'),
      props: true,
      meta: { title: english('Settings'), permission: 'stores.configure', within: 'store' },
    },
    {
      path: '/rates',
      name: 'rates',
      component: () => import('../rate/RatesPage.vue'),
      meta: { title: english('Exchange rates'), permission: 'payments.manage', within: 'any' },
    },
    {
      path: '/users',
      name: 'users',
      component: () => import('../user/UserListPage.vue'),
      meta: { title: english('Users'), permission: 'users.manage' },
    },
    {
      path: '/users/new',
      name: 'user-new',
      component: () => import('../user/UserFormPage.vue'),
      meta: { title: english('Add a user'), permission: 'users.manage' },
    },
    {
      path: '/users/:id',
      name: 'user',
      component: () => import('../user/UserFormPage.vue'),
      props: true,
      meta: { title: english('User'), permission: 'users.manage' },
    },
    {
      path: '/settings',
      name: 'settings',
      component: () => import('../setting/SettingsPage.vue'),
      meta: { title: english('Settings'), permission: 'settings.manage' },
    },
    {
      path: '/changes',
      name: 'changes',
      component: () => import('../audit/AuditPage.vue'),
      meta: { title: english('Changes'), permission: 'audit.view' },
    },
    {
      path: '/jobs',
      name: 'jobs',
      component: () => import('../job/JobsPage.vue'),
      meta: { title: english('Jobs'), permission: 'jobs.manage' },
    },
    {
      path: '/distribution',
      name: 'distribution',
      component: () => import('../distribution/DistributionPage.vue'),
      meta: { title: english('What this shop is made of'), permission: 'distribution.view' },
    },

    ...wiring.pages.map((page) => ({
      path: pluginPath(page),
      component: PluginPage,
      props: { page },
      meta: {
        title: page.title,
        plugin: page.plugin,
        ...(page.permission === undefined ? {} : { permission: page.permission }),
      },
    })),
    {
      path: '/:rest(.*)*',
      name: 'not-found',
      component: () => import('../layout/NotFoundPage.vue'),
      meta: { title: english('Page not found') },
    },
  ]
}

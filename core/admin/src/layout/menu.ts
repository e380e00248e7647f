import type { Page } from '@bitcartcc/sdk/wiring'
import { pluginPath } from '../app/plugin-path.ts'

export interface MenuEntry {
  readonly to: string
  readonly title: string
  readonly icon: string
}
export interface MenuGroup {
  readonly title: string
  readonly entries: readonly MenuEntry[]
}

const shop: readonly (MenuEntry & { readonly permission: Needed })[] = [
  { to: '/', title: 'Dashboard', icon: 'home', permission: undefined },
  { to: '/products', title: 'Products', icon: 'box', permission: 'products.view' },
  { to: '/invoices', title: 'Invoices', icon: 'receipt', permission: 'invoices.view' },
]
const manage: readonly (MenuEntry & { readonly permission: Needed })[] = [
  {
    to: '/stores',
    title: 'Stores',
    icon: 'store',
    permission: ['stores.manage', 'stores.configure'],
  },
  { to: '/rates', title: 'Exchange rates', icon: 'refresh', permission: 'payments.manage' },
  { to: '/users', title: 'Users', icon: 'users', permission: 'users.manage' },
  { to: '/settings', title: 'Settings', icon: 'settings', permission: 'settings.manage' },
  { to: '/changes', title: 'Changes', icon: 'activity', permission: 'audit.view' },
  { to: '/jobs', title: 'Jobs', icon: 'clock', permission: 'jobs.manage' },
  { to: '/distribution', title: 'Distribution', icon: 'layers', permission: 'distribution.view' },
]

type May = (permission: string | undefined) => boolean
/** One of them will do. */
type Needed = string | readonly string[] | undefined

/** Gives the menu one user sees: core's pages and the plugins', those left out that they may not open. */
export function menuOf(
  pages: readonly Page[],
  { may, mayAnywhere }: { readonly may: May; readonly mayAnywhere: May },
): readonly MenuGroup[] {
  const plugins = pages.map((page) => ({
    to: pluginPath(page),
    title: page.title,
    icon: page.icon ?? 'puzzle',
    permission: page.permission,
  }))
  return [
    { title: 'Shop', entries: shop, may: mayAnywhere },
    { title: 'Plugins', entries: plugins, may },
    { title: 'Manage', entries: manage, may: mayAnywhere },
  ]
    .map(({ title, entries, may: mayOpen }) => ({
      title,
      entries: entries
        .filter(({ permission }) => [permission].flat().some((each) => mayOpen(each)))
        .map(({ to, title, icon }) => ({ to, title, icon })),
    }))
    .filter((group) => group.entries.length > 0)
}

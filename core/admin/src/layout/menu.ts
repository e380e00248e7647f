import { english, useTexts } from '@bitcartcc/sdk/vue'
import type { Page } from '@bitcartcc/sdk/wiring'
import { pluginPath } from '../app/plugin-path.ts'
import { t } from '../app/texts.ts'

export interface MenuEntry {
  readonly to: string
  readonly title: string
  readonly icon: string
}
export interface MenuGroup {
  readonly title: string
  readonly entries: readonly MenuEntry[]
}

/** An entry before it is put into words. */
interface OwnEntry extends MenuEntry {
  readonly permission: Needed
  /** Whose title it is. Default: core's. */
  readonly owner?: string
}

const shop: readonly OwnEntry[] = [
  { to: '/', title: english('Dashboard'), icon: 'home', permission: undefined },
  { to: '/products', title: english('Products'), icon: 'box', permission: 'products.view' },
  { to: '/invoices', title: english('Invoices'), icon: 'receipt', permission: 'invoices.view' },
]
const manage: readonly OwnEntry[] = [
  {
    to: '/stores',
    title: english('Stores'),
    icon: 'store',
    permission: ['stores.manage', 'stores.configure'],
  },
  {
    to: '/rates',
    title: english('Exchange rates'),
    icon: 'refresh',
    permission: 'payments.manage',
  },
  { to: '/users', title: english('Users'), icon: 'users', permission: 'users.manage' },
  { to: '/settings', title: english('Settings'), icon: 'settings', permission: 'settings.manage' },
  { to: '/changes', title: english('Changes'), icon: 'activity', permission: 'audit.view' },
  { to: '/jobs', title: english('Jobs'), icon: 'clock', permission: 'jobs.manage' },
  {
    to: '/distribution',
    title: english('Distribution'),
    icon: 'layers',
    permission: 'distribution.view',
  },
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
    owner: page.plugin,
    icon: page.icon ?? 'puzzle',
    permission: page.permission,
  }))
  return [
    { title: t('Shop'), entries: shop, may: mayAnywhere },
    { title: t('Plugins'), entries: plugins, may },
    { title: t('Manage'), entries: manage, may: mayAnywhere },
  ]
    .map(({ title, entries, may: mayOpen }) => ({
      title,
      entries: entries
        .filter(({ permission }) => [permission].flat().some((each) => mayOpen(each)))
        .map(({ to, title, icon, owner = 'core' }) => ({
          to,
          title: useTexts(owner)(title),
          icon,
        })),
    }))
    .filter((group) => group.entries.length > 0)
}

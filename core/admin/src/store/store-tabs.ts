import { english } from '@bitcartcc/sdk/vue'
import { t } from '../app/texts.ts'

/** The pages of one store, each with what it needs there. */
export const storeTabs = [
  { title: english('Details'), path: '', permission: 'stores.manage' },
  { title: english('Payments'), path: '/payments', permission: 'payments.manage' },
  { title: english('Settings'), path: '/settings', permission: 'stores.configure' },
  { title: english('Notices'), path: '/notices', permission: 'notices.manage' },
  { title: english('Texts'), path: '/texts', permission: 'notices.manage' },
  { title: english('Webhooks'), path: '/webhooks', permission: 'webhooks.manage' },
  { title: english('Members'), path: '/members', permission: 'members.manage' },
] as const

type MayIn = (permission: string, storeId: string) => boolean

/** Those that somebody may open, as links. */
export const tabsFor = (storeId: string, mayIn: MayIn) =>
  storeTabs
    .filter(({ permission }) => mayIn(permission, storeId))
    .map(({ title, path }) => ({ title: t(title), to: `/stores/${storeId}${path}` }))

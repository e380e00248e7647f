/** The pages of one store, each with what it needs there. */
export const storeTabs = [
  { title: 'Details', path: '', permission: 'stores.manage' },
  { title: 'Payments', path: '/payments', permission: 'payments.manage' },
  { title: 'Settings', path: '/settings', permission: 'stores.configure' },
  { title: 'Notices', path: '/notices', permission: 'notices.manage' },
  { title: 'Texts', path: '/texts', permission: 'notices.manage' },
  { title: 'Webhooks', path: '/webhooks', permission: 'webhooks.manage' },
  { title: 'Members', path: '/members', permission: 'members.manage' },
] as const

type MayIn = (permission: string, storeId: string) => boolean

/** Those that somebody may open, as links. */
export const tabsFor = (storeId: string, mayIn: MayIn) =>
  storeTabs
    .filter(({ permission }) => mayIn(permission, storeId))
    .map(({ title, path }) => ({ title, to: `/stores/${storeId}${path}` }))

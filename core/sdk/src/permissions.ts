/** Permissions of core: a route or page of a plugin may ask for these or for its own. */
export const corePermissions = {
  'products.view': 'See all products, hidden ones too',
  'products.manage': 'Add, change and delete products',
  'invoices.view': 'See invoices',
  'invoices.manage': 'Mark invoices as paid, invalid or refunded',
  'stores.manage': 'Change stores',
  'stores.configure': 'Change what each store sets for itself',
  'payments.manage': 'Say how stores are paid, and where the money goes',
  'webhooks.manage': 'Have other programs told of what happens',
  'notices.manage': 'Say who is told of what happens, and in which words',
  'members.manage': 'Say who works in a store, and as what',
  'users.manage': 'Add and change users',
  'settings.manage': 'Change settings',
  'audit.view': 'See who changed what',
  'jobs.manage': 'See jobs, and run again what failed',
  'distribution.view': 'See what this distribution is made of',
} as const
export type CorePermission = keyof typeof corePermissions

import { roles, type Role } from '@bitcartcc/sdk/rights'

export const roleTitles: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  manager: 'Manager',
  viewer: 'Viewer',
}

/** What a role means, for whoever chooses one. */
export const roleHints: Readonly<Record<Role, string>> = {
  owner: 'Everything in this store: how it is paid, webhooks and members too.',
  manager: 'Sells: adds and changes products, marks invoices as paid or refunded.',
  viewer: 'Looks: sees products and invoices, changes nothing.',
}

export const roleOptions = roles.map((value) => ({ value, title: roleTitles[value] }))

import { english } from '@bitcartcc/sdk/vue'
import { roles, type Role } from '@bitcartcc/sdk/rights'
import { t } from '../app/texts.ts'

export const roleTitles: Readonly<Record<Role, string>> = {
  owner: english('Owner'),
  manager: english('Manager'),
  viewer: english('Viewer'),
}

/** What a role means, for whoever chooses one. */
export const roleHints: Readonly<Record<Role, string>> = {
  owner: english('Everything in this store: how it is paid, webhooks and members too.'),
  manager: english('Sells: adds and changes products, marks invoices as paid or refunded.'),
  viewer: english('Looks: sees products and invoices, changes nothing.'),
}

export const roleOptions = () => roles.map((value) => ({ value, title: t(roleTitles[value]) }))

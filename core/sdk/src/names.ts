import type { CoreEvents, CoreHooks } from './server.ts'

export { choicesOf } from './choices.ts'
export { corePermissions } from './permissions.ts'

// What a plan, a migration or the wiring has to know of names, without the libraries that the rest of the SDK stands on.

export const coreEventNames = [
  'invoice.created',
  'invoice.paid',
  'invoice.confirmed',
  'invoice.complete',
  'invoice.expired',
  'invoice.invalid',
  'invoice.refunded',
  'invoice.exception',
  'payment.recorded',
  'payment.changed',
  'product.created',
  'product.changed',
  'product.deleted',
  'product.low',
] as const satisfies readonly (keyof CoreEvents)[]

export const coreHookNames = [
  'product.saving',
  'checkout.starting',
] as const satisfies readonly (keyof CoreHooks)[]

/** The schema and role of a plugin in PostgreSQL: `p_` and the name with `_` for `-`. */
export const schemaOf = (plugin: string) => `p_${plugin.replaceAll('-', '_')}`

/** What names a payment method, a provider of rates or a channel in a distribution: `bitcoin.onchain`; core's own method is `manual`. */
export const fullNameOf = (plugin: string, name: string) => `${plugin}.${name}`

/** Variable with the token of a service that runs in a container of its own: `STATUS_PAGE__TOKEN`; no setting has two `_` together. */
export const serviceTokenName = (service: string): string =>
  `${service.toUpperCase().replaceAll('-', '_')}__TOKEN`

/** The env name of a setting: plugin `our-search`, setting `apiKey` → `OUR_SEARCH_API_KEY`. */
export const envNameOf = (plugin: string, setting: string) =>
  `${plugin.replaceAll('-', '_')}_${setting.replaceAll(/([A-Z])/g, '_$1')}`.toUpperCase()

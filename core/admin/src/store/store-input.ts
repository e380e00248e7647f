import type { Store } from '@bitcartcc/sdk/resources'

/** What is typed into the form of a store. */
export interface StoreInput {
  name: string
  description: string
  currency: string
}

export const storeInputOf = (store: Store | null): StoreInput => ({
  name: store?.name ?? '',
  description: store?.description ?? '',
  currency: store?.currency ?? 'USD',
})

/** What of it is sent. */
export const storeBodyOf = ({ name, description, currency }: StoreInput): StoreInput => ({
  name: name.trim(),
  description,
  currency: currency.trim().toUpperCase(),
})

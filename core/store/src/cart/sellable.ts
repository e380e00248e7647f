import type { CartItem } from '@bitcartcc/sdk/resources'

/** Says whether every item can be had in the quantity the cart holds. */
export function isSellable(items: readonly Pick<CartItem, 'quantity' | 'available'>[]): boolean {
  return (
    items.length > 0 &&
    items.every((item) => item.available === null || item.available >= item.quantity)
  )
}

import type { Cart } from '@bitcartcc/sdk/resources'

const keys = 'bitcartcc-checkout'
let here: { readonly content: string; readonly key: string } | undefined

/** Gives one key per content of a cart, also after the page was loaded anew: a second try of the same purchase is told apart from a new one. */
export function checkoutKey(cart: Pick<Cart, 'id' | 'items' | 'total'>): string {
  const items = cart.items.map((item) => `${item.productId}*${item.quantity}`)
  const content = [cart.id, ...items, cart.total].join(' ')
  const known = here ?? readKept()
  if (known?.content === content) return known.key
  here = { content, key: randomKey() }
  try {
    sessionStorage.setItem(keys, JSON.stringify(here))
  } catch {
    // it then lasts as long as the page
  }
  return here.key
}

/** Forgets the key once its purchase is made. */
export function forgetCheckoutKey(): void {
  here = undefined
  try {
    sessionStorage.removeItem(keys)
  } catch {
    // nothing was kept
  }
}

function readKept(): typeof here {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(keys) ?? 'null')
    const isKey = value && typeof value === 'object' && 'content' in value && 'key' in value
    return isKey ? (value as NonNullable<typeof here>) : undefined // written above
  } catch {
    return undefined
  }
}

/** `crypto.randomUUID` is missing where a page is not served over HTTPS. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

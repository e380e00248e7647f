import { computed, reactive, readonly } from 'vue'
import type { Cart, CartNotes, Invoice } from '@bitcartcc/sdk/resources'
import { ApiError, request } from '@bitcartcc/sdk/vue'
import { errorText } from '@bitcartcc/ui'
import { keep, kept } from '../app/keep.ts'
import { here } from '../shop/place.ts'
import { useShop } from '../shop/useShop.ts'
import { checkoutKey, forgetCheckoutKey } from './checkout-key.ts'

interface CartState {
  isLoaded: boolean
  cart: Cart | null
  failure: string
}
// A cart is of one store.
const keptId = here.storeId === null ? 'bitcartcc-cart' : `bitcartcc-cart ${here.storeId}`
const state = reactive<CartState>({ isLoaded: false, cart: null, failure: '' })
const count = computed(() => state.cart?.items.reduce((sum, item) => sum + item.quantity, 0) ?? 0)
const isVanished = (error: unknown) => error instanceof ApiError && error.problem.status === 404
/** Changes run one after another: each answer is the whole cart, and the last one asked for must win. */
let line: Promise<unknown> = Promise.resolve()

function take(cart: Cart | null): void {
  state.cart = cart
  state.isLoaded = true
  state.failure = ''
  keep(keptId, cart?.id ?? null)
}

async function read(id: string): Promise<Cart | null> {
  try {
    return await request<Cart>('GET', `/api/carts/${encodeURIComponent(id)}`)
  } catch (error) {
    if (isVanished(error)) return null
    throw error
  }
}

async function load(): Promise<void> {
  const id = state.cart?.id ?? kept(keptId)
  try {
    take(id === null ? null : await read(id))
  } catch (error) {
    state.failure = errorText(error)
  }
}

function open(): Promise<Cart> {
  const { shop } = useShop()
  return request<Cart>('POST', '/api/carts', shop.store ? { storeId: shop.store.id } : {})
}

const put = (cart: Cart, productId: string, quantity: number) =>
  request<Cart>('PUT', `/api/carts/${cart.id}/items/${encodeURIComponent(productId)}`, { quantity })

async function change(productId: string, next: (now: number) => number): Promise<void> {
  if (!state.isLoaded) await load()
  const cart = state.cart ?? (await open())
  const quantity = next(quantityOf(productId))
  try {
    take(await put(cart, productId, quantity))
  } catch (error) {
    if (!isVanished(error) || (await read(cart.id)) !== null) throw error
    take(await open())
    if (state.cart && quantity > 0) take(await put(state.cart, productId, quantity))
  }
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = line.then(work)
  line = turn.catch(() => undefined)
  return turn
}

function quantityOf(productId: string): number {
  return state.cart?.items.find((item) => item.productId === productId)?.quantity ?? 0
}

/** Adds pieces of a product to what is in the cart already. */
const add = (productId: string, pieces: number) =>
  inTurn(() => change(productId, (now) => now + pieces))

/** Says how many pieces the cart shall hold; 0 takes the product out. */
const set = (productId: string, quantity: number) => inTurn(() => change(productId, () => quantity))

/** Notes in the cart what plugins take from buyers. */
const note = (metadata: CartNotes) =>
  inTurn(async () => {
    const cart = state.cart
    if (!cart) throw new Error('The cart is empty.')
    take(await request<Cart>('PATCH', `/api/carts/${cart.id}`, { metadata }))
  })

/** Makes an invoice of the cart. Asked twice for the same content, as after a lost answer, it gives the same invoice. */
const checkout = (buyer: { readonly email?: string; readonly method?: string }) =>
  inTurn(async () => {
    const cart = state.cart
    if (!cart) throw new Error('The cart is empty.')
    const key = checkoutKey(cart)
    const invoice = await request<Invoice>('POST', `/api/carts/${cart.id}/checkout`, buyer, {
      'idempotency-key': key,
    })
    forgetCheckoutKey()
    take({ ...cart, items: [], total: '0', metadata: {} })
    return invoice
  })

/** The visitor's cart, one for the whole app. It lives on the server; this browser keeps its id. A cart that vanished is replaced without a word. */
export function useCart() {
  return {
    state: readonly(state),
    count,
    load: () => inTurn(load),
    add,
    set,
    note,
    quantityOf,
    checkout,
  }
}

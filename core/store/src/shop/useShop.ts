import { reactive, readonly } from 'vue'
import type { Session, Store, User } from '@bitcartcc/sdk/resources'
import { ApiError, request, setCsrfToken } from '@bitcartcc/sdk/vue'
import { errorText } from '@bitcartcc/ui'
import { here } from './place.ts'

interface Shop {
  isLoaded: boolean
  /** The store that is shown: that of the address, else the first there is; null where there is none. */
  store: Store | null
  /** Who is signed in to the admin in this browser. */
  user: User | null
  failure: string
}
const shop = reactive<Shop>({ isLoaded: false, store: null, user: null, failure: '' })

async function firstStore(): Promise<Store | null> {
  const stores = await request<readonly Store[]>('GET', '/api/stores')
  return stores[0] ?? null
}

async function storeNamed(id: string): Promise<Store | null> {
  try {
    return await request<Store>('GET', `/api/stores/${id}`)
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) return null
    throw error
  }
}

async function load(): Promise<void> {
  shop.failure = ''
  try {
    const [session, store] = await Promise.all([
      request<Session>('GET', '/api/session'),
      here.storeId === null ? firstStore() : storeNamed(here.storeId),
    ])
    setCsrfToken(session.csrfToken)
    shop.user = session.user
    shop.store = store
    shop.isLoaded = true
  } catch (error) {
    shop.failure = errorText(error)
  }
}

function may(permission: string): boolean {
  return (
    shop.user !== null && (shop.user.isAdministrator || shop.user.permissions.includes(permission))
  )
}

/** The store that is shown, and what this visitor may do in it; one for the whole app. */
export function useShop() {
  return { shop: readonly(shop), load, may }
}

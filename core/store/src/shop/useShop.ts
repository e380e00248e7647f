import { reactive, readonly } from 'vue'
import type { Session, Store, User } from '@bitcartcc/sdk/resources'
import { request, setCsrfToken } from '@bitcartcc/sdk/vue'
import { errorText } from '@bitcartcc/ui'

interface Shop {
  isLoaded: boolean
  /** The store that is shown: the first there is; null while the merchant has made none. */
  store: Store | null
  /** Who is signed in to the admin in this browser. */
  user: User | null
  failure: string
}
const shop = reactive<Shop>({ isLoaded: false, store: null, user: null, failure: '' })

async function load(): Promise<void> {
  shop.failure = ''
  try {
    const [session, stores] = await Promise.all([
      request<Session>('GET', '/api/session'),
      request<readonly Store[]>('GET', '/api/stores'),
    ])
    setCsrfToken(session.csrfToken)
    shop.user = session.user
    shop.store = stores[0] ?? null
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

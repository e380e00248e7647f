import { reactive } from 'vue'
import { requestOnce, setCsrfToken, waitForSignIn } from '@bitcartcc/sdk/vue'
import type { Session, User } from '@bitcartcc/sdk/resources'
import * as rights from '@bitcartcc/sdk/rights'
import { errorText } from '@bitcartcc/ui'

/** Who is signed in. One for the whole app. */
export const session = reactive({
  user: null as User | null,
  needsSetup: false,
  isLoaded: false,
  /** Why the session could not be read; empty where it could. */
  failure: '',
  /** The server has forgotten it, and the page waits for its user to sign in again. */
  isOver: false,
})
/** What goes on once somebody signs in again, and fails where nobody does. */
let waiting: PromiseWithResolvers<void> | undefined

/** Reads the session from the server. */
export async function loadSession(): Promise<void> {
  try {
    take(await requestOnce<Session>('GET', '/api/session'))
  } catch (error) {
    session.failure = errorText(error)
  }
}

/** Signs in; rejects with ApiError for a wrong address or password. */
export async function signIn(email: string, password: string): Promise<void> {
  await requestOnce('POST', '/api/session', { email, password })
  take(await requestOnce<Session>('GET', '/api/session'))
}

/** Signs out here; the server forgets the session. */
export async function signOut(): Promise<void> {
  await requestOnce('DELETE', '/api/session')
  take(await requestOnce<Session>('GET', '/api/session'))
}

/** Says whether the signed-in user has a permission for the whole house; without one named, everybody has it. */
export function may(permission: string | undefined): boolean {
  return permission === undefined || (session.user !== null && rights.may(session.user, permission))
}

/** Says whether the signed-in user has a permission in one store. */
export const mayIn = (permission: string, storeId: string): boolean =>
  session.user !== null && rights.mayIn(session.user, permission, storeId)

/** Says whether the signed-in user has a permission in any store; without one named, everybody has it. */
export const mayAnywhere = (permission: string | undefined): boolean =>
  permission === undefined ||
  (session.user !== null && rights.storesWith(session.user, permission).length > 0)

/**
 * An answer 401 means that the session is over: whoever signs in again over the page goes on where it stands, with what is
 * typed there; whoever does not is led to the sign-in page.
 */
waitForSignIn(async () => {
  if (!session.user) throw new Error('nobody was signed in')
  const now = await requestOnce<Session>('GET', '/api/session')
  if (now.user?.id === session.user.id) {
    // They have in another window, or it is an answer of a plugin's own.
    take(now)
    return
  }
  waiting ??= Promise.withResolvers()
  session.isOver = true
  await waiting.promise
})

/** Nobody signs in again: the page is left. */
export function giveUp(): void {
  session.user = null
  session.isOver = false
  waiting?.reject()
  waiting = undefined
}

function take(answer: Session): void {
  setCsrfToken(answer.csrfToken)
  // What is on the page was another's.
  if (session.isOver && answer.user && answer.user.id !== session.user?.id) return location.reload()
  session.user = answer.user
  session.needsSetup = answer.needsSetup
  session.isLoaded = true
  session.failure = ''
  if (!session.isOver || !answer.user) return
  session.isOver = false
  waiting?.resolve()
  waiting = undefined
}

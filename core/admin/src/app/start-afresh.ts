import { errorText } from '@bitcartcc/ui'
import { session } from './session.ts'

const kept = 'bitcartcc-afresh'

/**
 * Opens a page again from the server when its code is gone: another distribution was started meanwhile.
 *
 * Tries once a page; what fails twice is told instead.
 */
export function startAfresh(error: unknown, href: string): void {
  if (sessionStorage.getItem(kept) === href) {
    sessionStorage.removeItem(kept)
    session.failure = errorText(error)
    return
  }
  sessionStorage.setItem(kept, href)
  location.assign(href)
}

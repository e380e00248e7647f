import { onBeforeUnmount, onMounted, watch } from 'vue'
import type { Invoice } from '@bitcartcc/sdk/resources'
import { request } from '@bitcartcc/sdk/vue'
import { announce } from '../app/announce.ts'
import { useLoaded } from '../app/load.ts'
import { t } from '../app/texts.ts'
import { isMoving, statusWords } from './invoice-words.ts'
import { openLive, type Live } from './live.ts'

const shortestMs = 5000
const longestMs = 40_000

/**
 * Reads an invoice and stays with it while it can change: told by the server, never while the page is hidden.
 *
 * Where the line to the server does not stand, it looks: every 5 s at first, then slower.
 */
export function useInvoice(id: () => string) {
  const path = () => `/api/invoices/${encodeURIComponent(id())}`
  const loaded = useLoaded<Invoice>(path)
  let pauseMs = shortestMs
  let timer: ReturnType<typeof setTimeout> | undefined
  let live: Live | undefined
  let isLeft = false

  function show(now: Invoice): void {
    const before = loaded.value.value
    if (!before || now.id !== id() || now.id !== before.id) return
    const hasMoved = now.status !== before.status || now.paidAmount !== before.paidAmount
    pauseMs = hasMoved ? shortestMs : Math.min(longestMs, pauseMs * 1.3)
    if (now.status !== before.status) announce(t(statusWords[now.status].title))
    else if (hasMoved) announce(t('A payment was seen'))
    loaded.value.value = now
  }
  async function look(): Promise<void> {
    clearTimeout(timer)
    if (!loaded.value.value || document.hidden) return
    try {
      show(await request<Invoice>('GET', path()))
    } catch {
      // What is shown stays; the next look may reach the server again.
      pauseMs = Math.min(longestMs, pauseMs * 2)
      wait()
    }
  }
  const isWatched = () => {
    const status = loaded.value.value?.status
    return !isLeft && status !== undefined && isMoving(status) && !document.hidden
  }
  function wait(): void {
    clearTimeout(timer)
    if (!isWatched()) return hangUp()
    live ??= openLive(path(), show, wait)
    if (!live.isUp()) timer = setTimeout(look, pauseMs)
  }
  function hangUp(): void {
    live?.close()
    live = undefined
  }
  function seen(): void {
    pauseMs = shortestMs
    if (isWatched()) void look()
    else wait()
  }
  watch(loaded.value, wait)
  watch(id, hangUp)
  onMounted(() => document.addEventListener('visibilitychange', seen))
  onBeforeUnmount(() => {
    isLeft = true
    wait()
    document.removeEventListener('visibilitychange', seen)
  })
  /** Shows what an answer of the server says, and looks often again. */
  function take(invoice: Invoice): void {
    pauseMs = shortestMs
    loaded.value.value = invoice
  }
  return { ...loaded, look, take }
}

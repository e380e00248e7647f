import { onBeforeUnmount, onMounted, watch } from 'vue'
import type { Invoice } from '@bitcartcc/sdk/resources'
import { request } from '@bitcartcc/sdk/vue'
import { announce } from '../app/announce.ts'
import { useLoaded } from '../app/load.ts'
import { isMoving, statusWords } from './invoice-words.ts'

const shortestMs = 5000
const longestMs = 40_000

/** Reads an invoice and looks again while it can change: every 5 s at first, then slower; never while the page is hidden. */
export function useInvoice(id: () => string) {
  const path = () => `/api/invoices/${encodeURIComponent(id())}`
  const loaded = useLoaded<Invoice>(path)
  let pauseMs = shortestMs
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    clearTimeout(timer)
    const before = loaded.value.value
    if (!before || document.hidden) return
    try {
      const now = await request<Invoice>('GET', path())
      if (now.id !== id()) return
      const hasMoved = now.status !== before.status || now.paidAmount !== before.paidAmount
      pauseMs = hasMoved ? shortestMs : Math.min(longestMs, pauseMs * 1.3)
      if (now.status !== before.status) announce(statusWords[now.status].title)
      else if (hasMoved) announce('A payment was seen')
      loaded.value.value = now
    } catch {
      // What is shown stays; the next look may reach the server again.
      pauseMs = Math.min(longestMs, pauseMs * 2)
      wait()
    }
  }
  function wait(): void {
    clearTimeout(timer)
    const status = loaded.value.value?.status
    if (status && isMoving(status) && !document.hidden) timer = setTimeout(look, pauseMs)
  }
  function seen(): void {
    pauseMs = shortestMs
    const status = loaded.value.value?.status
    if (document.hidden) clearTimeout(timer)
    else if (status && isMoving(status)) void look()
  }
  watch(loaded.value, wait)
  onMounted(() => document.addEventListener('visibilitychange', seen))
  onBeforeUnmount(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
  })
  /** Shows what an answer of the server says, and looks often again. */
  function take(invoice: Invoice): void {
    pauseMs = shortestMs
    loaded.value.value = invoice
  }
  return { ...loaded, look, take }
}

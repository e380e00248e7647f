import { reactive } from 'vue'
import type { Tone } from './tone.ts'

export interface Toast {
  readonly id: number
  readonly message: string
  readonly tone: Tone
}

/** What ToastHost shows, oldest first. */
export const toasts = reactive<Toast[]>([])
let last = 0

/** Shows a short message at the foot of the page for 5 seconds, a bad one for 10. */
export function toast(message: string, tone: Tone = 'good'): void {
  const id = ++last
  toasts.push({ id, message, tone })
  if (toasts.length > 4) toasts.shift()
  setTimeout(() => dismiss(id), tone === 'bad' ? 10_000 : 5000)
}

/** Takes one message away. */
export function dismiss(id: number): void {
  const at = toasts.findIndex((each) => each.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

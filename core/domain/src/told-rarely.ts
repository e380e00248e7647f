/**
 * Passes a message on at once, and the same one again only every half minute, with how often it came in between: every worker
 * asks each second, and while the database is away each of them would fill the log with that.
 */
export function toldRarely(
  tell: (message: string, times: number) => void,
  now: () => number = () => performance.now(),
): (message: string) => void {
  const heard = new Map<string, { toldAtMs: number; times: number }>()
  return (message) => {
    const known = heard.get(message)
    if (known && now() - known.toldAtMs < everyMs) {
      known.times++
      return
    }
    // Messages with something of their own in each would stay for ever.
    if (heard.size >= mostMessages) heard.clear()
    heard.set(message, { toldAtMs: now(), times: 0 })
    tell(message, (known?.times ?? 0) + 1)
  }
}

const everyMs = 30_000
const mostMessages = 100

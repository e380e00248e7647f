import { setTimeout as delay } from 'node:timers/promises'

export type Download =
  | { readonly isHere: true; readonly bytes: Buffer }
  | { readonly isHere: false; readonly because: string }

const tries = 3
const timeoutMs = 30_000

/** Fetches one file: three tries where the network or the server fails, a time limit and a size limit for each. */
export async function download(url: string, largestBytes: number): Promise<Download> {
  let because = ''
  for (let at = 0; at < tries; at++) {
    if (at > 0) await delay(250 * at)
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
      if (url.startsWith('https:') && !answer.url.startsWith('https:'))
        return { isHere: false, because: 'It redirects to an address without encryption.' }
      if (answer.ok) return await bounded(answer, largestBytes)
      await answer.body?.cancel()
      because = `The server answers ${answer.status}.`
      if (answer.status < 500) break
    } catch (error) {
      because = reasonOf(error)
    }
  }
  return { isHere: false, because }
}

async function bounded(answer: Response, largestBytes: number): Promise<Download> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > largestBytes)
      return { isHere: false, because: `It is larger than ${largestBytes} bytes.` }
    chunks.push(chunk)
  }
  return { isHere: true, bytes: Buffer.concat(chunks) }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `It did not answer within ${timeoutMs / 1000} s.`
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.message
  return `The network says ${code}.`
}

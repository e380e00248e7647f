import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

// An import would read all that `node:http` exports, also what is loaded when it is first read: its WebSocket, all of `undici`.
const { get: request } = process.getBuiltinModule('node:http')

export interface Answer {
  readonly status: number
  /** Its `content-type`; empty where it has none. */
  readonly type: string
  readonly text: string
}

/** Asks a server on this machine. By `node:http`: loading what `fetch` is made of takes longer than all that is asked. */
export async function get(url: string, timeoutMs: number): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { signal }, resolve).once('error', reject)
    })
    return {
      status: answer.statusCode ?? 0,
      type: answer.headers['content-type'] ?? '',
      text: await text(answer),
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error // which says that it is the time that was over
  }
}

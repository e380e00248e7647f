import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { HttpError } from '@bitcartcc/sdk/server'

const mostStreams = 2_000
const mostWaitingBytes = 1_000_000

/** Open streams of server-sent events of one API. */
export interface Live {
  /**
   * Answers with a stream: what `read` gives at once and at each change, as events of this name.
   *
   * Refused with 429 where too many are open already. Ends when the browser leaves or the API closes.
   */
  stream(
    reply: FastifyReply,
    name: string,
    watch: (changed: () => void) => Promise<() => void>,
    read: () => Promise<unknown>,
  ): Promise<FastifyReply>
  /**
   * Answers with a stream of what is given, one event each, as fast as the browser reads. The signal fires when it leaves.
   *
   * What fails before the first of it is a problem, and no stream; later, the stream ends.
   */
  feed(
    reply: FastifyReply,
    give: (leaving: AbortSignal) => AsyncIterable<unknown>,
    serialize: (value: unknown) => string,
  ): Promise<FastifyReply>
  /** Ends all of them: a browser comes back by itself, to whoever answers then. */
  close(): void
}

/** `heartbeatMs`: how often a stream without news shows that it lives, so that no proxy cuts it. */
export function createLive(heartbeatMs: number): Live {
  const open = new Set<PassThrough>()
  let isClosed = false
  const begin = () => {
    if (open.size >= mostStreams || isClosed)
      throw new HttpError(429, 'Too many pages are watching. Ask again from time to time instead.')
    const stream = new PassThrough()
    open.add(stream)
    stream.once('close', () => open.delete(stream))
    return stream
  }
  const answer = (reply: FastifyReply, stream: PassThrough) =>
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(stream)
  return {
    async feed(reply, give, serialize) {
      const stream = begin()
      const leaving = new AbortController()
      stream.once('close', () => leaving.abort())
      const values = give(leaving.signal)[Symbol.asyncIterator]()
      const first = await values.next().catch((error: unknown) => {
        stream.destroy()
        throw error
      })
      const beat = setInterval(() => void stream.write(': still here\n\n'), heartbeatMs)
      stream.once('close', () => clearInterval(beat))
      const send = async () => {
        for (let next = first; !next.done && !stream.destroyed; next = await values.next())
          if (!stream.write(`data: ${serialize(next.value)}\n\n`))
            await Promise.race([once(stream, 'drain'), once(stream, 'close')])
        await values.return?.()
        stream.end()
      }
      send().catch(() => void stream.destroy())
      return answer(reply, stream)
    },
    async stream(reply, name, watch, read) {
      const stream = begin()
      const write = (text: string) => {
        // Who does not read any more, is left.
        if (stream.writableLength > mostWaitingBytes) stream.destroy()
        else if (stream.writable) stream.write(text)
      }
      // One read at a time; a change meanwhile asks for one more.
      let reading: Promise<void> | undefined
      let isStale = false
      const send = async () => {
        do {
          isStale = false
          write(`event: ${name}\ndata: ${JSON.stringify(await read())}\n\n`)
        } while (isStale)
      }
      const changed = () => {
        isStale = true
        reading ??= send()
          .catch(() => void stream.destroy())
          .finally(() => (reading = undefined))
      }
      let unwatch: (() => void) | undefined
      let beat: NodeJS.Timeout | undefined
      stream.once('close', () => {
        clearInterval(beat)
        unwatch?.()
      })
      try {
        unwatch = await watch(changed)
        // What is not there is a problem, not a stream.
        const first = await read()
        write(`retry: 3000\n\nevent: ${name}\ndata: ${JSON.stringify(first)}\n\n`)
      } catch (error) {
        stream.destroy()
        unwatch?.()
        throw error
      }
      beat = setInterval(() => write(': still here\n\n'), heartbeatMs)
      if (isClosed) stream.end()
      return answer(reply, stream)
    },
    close() {
      isClosed = true
      for (const stream of open) stream.end()
    },
  }
}

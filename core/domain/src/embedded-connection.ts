import type { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import type pg from 'pg'

/** First bytes of what a client says before it asks for an answer: parse, bind, describe, execute, close. */
const beginnings = new Set(['P', 'B', 'D', 'E', 'C'].map((letter) => letter.charCodeAt(0)))

/**
 * Gives what makes one client of `pg` speak with a PostgreSQL inside this process.
 *
 * What a question is made of goes to PostgreSQL together, as a socket would bring it: one by one, each of the five would take
 * a turn of the event loop and a visit in WebAssembly, which is a third of the time of a small question.
 */
export function embeddedConnection(lite: PGlite): pg.ClientConfig {
  let begun: Uint8Array[] = []
  const ask: PGlite['execProtocolStream'] = async (message, options) => {
    begun.push(message)
    if (beginnings.has(message[0] ?? 0)) return []
    const whole = begun.length === 1 ? message : Buffer.concat(begun)
    begun = []
    return lite.execProtocolStream(whole, options)
  }
  return createPgConfig(
    Object.create(lite, { execProtocolStream: { value: ask } }) as PGlite, // it is one, but for this
  )
}

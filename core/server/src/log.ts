import type { Log } from '@bitcartcc/sdk/server'

/** Gives a log of one JSON object a line, on stdout. */
export function createLog(write: (line: string) => void): Log {
  const at = (level: string) => (message: string, facts?: object) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), level, msg: message, ...facts })}\n`)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

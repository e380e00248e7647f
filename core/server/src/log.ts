import type { Log } from '@bitcartcc/sdk/server'

/** Gives a log of one JSON object a line, on stdout. */
export function createLog(write: (line: string) => void): Log {
  const at = (level: string) => (message: string, facts?: object) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), level, msg: message, ...facts })}\n`)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

/** Gives what writes the lines of one turn of the loop at once: under load, writing is what a line costs. The end of the process takes what is left. */
export function gathered(write: (lines: string) => void): (line: string) => void {
  let lines = ''
  const flush = () => {
    const all = lines
    lines = ''
    if (all !== '') write(all)
  }
  process.once('exit', flush)
  return (line) => {
    if (lines === '') setImmediate(flush)
    lines += line
  }
}

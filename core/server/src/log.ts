import type { Log } from '@bitcartcc/sdk/server'

type Write = (line: string, isUrgent: boolean) => void

/** Gives a log of one JSON object a line, on stdout. */
export function createLog(write: Write): Log {
  const at = (level: string, isUrgent: boolean) => (message: string, facts?: object) =>
    write(
      `${JSON.stringify({ time: new Date().toISOString(), level, msg: message, ...facts })}\n`,
      isUrgent,
    )
  return { info: at('info', false), warn: at('warn', true), error: at('error', true) }
}

const longestMs = 20

/**
 * Gives what writes several lines at once: under load, writing is most of what a line costs. They wait at most 20 ms, and not
 * for what is urgent, or the end of the process.
 */
export function gathered(write: (lines: string) => void): Write {
  let lines = ''
  let waiting: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(waiting)
    waiting = undefined
    const all = lines
    lines = ''
    if (all !== '') write(all)
  }
  process.once('exit', flush)
  return (line, isUrgent) => {
    lines += line
    if (isUrgent) flush()
    else waiting ??= setTimeout(flush, longestMs).unref()
  }
}

import type { StageEvent } from '../stages.ts'

const marks = { started: ' ', done: '✓', 'as-before': '=', refused: '✗' } as const

export interface Terminal {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  readonly hasColour: boolean
}

/** Tells of stages as people read them: a line each when it ends; on a terminal the running one is shown dim and replaced. */
export function progressView({
  write,
  isTerminal,
  hasColour,
}: Terminal): (event: StageEvent) => void {
  const paint = (code: number, text: string) =>
    hasColour ? `\u001B[${code}m${text}\u001B[0m` : text
  return ({ stage, state, ms, says, details }) => {
    if (state === 'started') {
      if (isTerminal) write(paint(2, `    ${stage}`))
      return
    }
    if (isTerminal) write('\r\u001B[2K')
    const mark =
      state === 'refused'
        ? paint(31, marks[state])
        : state === 'done'
          ? paint(32, marks[state])
          : marks[state]
    const text = state === 'as-before' ? `${says}, as before` : says
    write(`  ${mark} ${stage.padEnd(10)} ${text.padEnd(58)} ${duration(ms).padStart(7)}\n`)
    for (const detail of details) write(`      ${detail}\n`)
  }
}

/** Milliseconds below one second, then seconds with one decimal. */
export const duration = (ms: number): string =>
  ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`

/** Sizes in kB and MB of 1,000. */
export const size = (bytes: number): string =>
  bytes < 1000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1000)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`

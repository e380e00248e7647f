/** One thing a person can mend. Words: what is so, where, how to mend it. Never holds a secret. */
export interface Problem {
  /** stage/what, `plan/port-conflict`. Permanent; also the name of its help page. At run time the first part is the command: `migrate/…`, `start/…`. */
  readonly code: `${string}/${string}`
  /** One sentence about things the reader owns. */
  readonly says: string
  /** The chain of reasons, where the sentence alone does not show it. */
  readonly because?: readonly string[]
  /** Rows of cells: the place (`file:line`) first, what stands there last. */
  readonly facts?: readonly Fact[]
  /** What did not happen, where the reader may fear that it did. */
  readonly kept?: string
  /** What to do, ready to copy; starts with a verb. */
  readonly fix: readonly string[]
}

export type Fact = readonly string[]

/** Refuses with everything that was found. Thrown once a stage, or a command, has looked at everything. */
export class Refused extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.says).join('\n'))
    this.name = 'Refused'
    this.problems = problems
  }
}

/** Words one problem for a terminal: what is so, why, the places, what is safe, how to mend it. */
export function problemText(problem: Problem): string {
  const parts = [
    wrapped(clean(problem.says), '✗ ', '  '),
    (problem.because ?? []).map((reason) => wrapped(clean(reason), '    ', '      ')).join('\n'),
    aligned((problem.facts ?? []).map((row) => row.map(clean))),
    problem.kept === undefined ? '' : wrapped(clean(problem.kept), '  ', '  '),
    problem.fix.map((line, at) => (at === 0 ? `  Fix: ${line}` : `       ${line}`)).join('\n'),
    `  More: compose explain ${problem.code}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function aligned(rows: readonly Fact[]): string {
  const widths: number[] = []
  for (const row of rows)
    row.slice(0, -1).forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  return rows
    .map((row) =>
      `    ${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('   ')}`.trimEnd(),
    )
    .join('\n')
}

function wrapped(text: string, first: string, next: string): string {
  const lines: string[] = []
  let line = first
  for (const word of text.trim().split(/ +/)) {
    const isEmpty = line === first || line === next
    if (!isEmpty && line.length + 1 + word.length > 80) {
      lines.push(line)
      line = next + word
    } else line += isEmpty ? word : ` ${word}`
  }
  return [...lines, line].join('\n')
}

/** Text that a plugin or a person wrote, without control characters and passwords in addresses, long ones cut in the middle. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const visible = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ')
  return shortened(visible.replaceAll(/\/\/[^/\s@:]*:[^/\s@]+@/g, '//…@'))
}

const shortened = (visible: string) =>
  visible.length <= 400 ? visible : `${visible.slice(0, 190)} … ${visible.slice(-190)}`

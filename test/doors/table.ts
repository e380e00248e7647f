import { doors, type Door, type Ours } from './doors.ts'

/** Where the table begins and ends in core/sdk/README.md. */
export const marks = ['<!-- doors: made by test/doors -->', '<!-- end of doors -->'] as const

/** The table of Bitcart's doors as markdown, a part for each kind. */
export const doorsTable = (): string =>
  Object.entries(doors)
    .map(([title, rows]) => `### ${title}\n\n${tableOf(rows)}`)
    .join('\n')

function tableOf(rows: readonly Door[]): string {
  const cells = [
    ['in Bitcart', 'status', 'here', 'why, or how'],
    ...rows.map(({ name, status, ours, why }) => [
      `\`${name}\``,
      status,
      ours === undefined ? '' : `\`${nameOf(ours)}\``,
      why,
    ]),
  ]
  const widths = [0, 1, 2, 3].map((at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`
  const [head = [], ...rest] = cells
  return line(head) + line(widths.map((width) => '-'.repeat(width))) + rest.map(line).join('')
}

export const nameOf = (ours: Ours): string => Object.values<string>(ours)[0] ?? ''

/** Rows of cells in columns, the last one ragged. */
export function table(rows: readonly (readonly string[])[], lead = ''): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.slice(0, -1).entries())
      widths[at] = Math.max(widths[at] ?? 0, cell.length)
  return rows
    .map((row) => {
      const cells = row.map((cell, at) =>
        at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0),
      )
      return `${lead}${cells.join('   ')}`.trimEnd() + '\n'
    })
    .join('')
}

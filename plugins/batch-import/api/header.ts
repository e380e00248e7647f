/** Columns a file may have; `name` and `price` it must have. */
export const columns = ['name', 'price', 'stock', 'category', 'description', 'status'] as const
export type Column = (typeof columns)[number]

export interface Header {
  /** Column → its place in a row, from 0. */
  readonly places: ReadonlyMap<Column, number>
  /** As the file names them, in its order. */
  readonly names: readonly string[]
  readonly unknown: readonly string[]
  /** Why no row can be read; empty where all is well. */
  readonly problems: readonly string[]
}

/** Reads the first row of a file: names in any case, in any order. */
export function headerOf(cells: readonly string[]): Header {
  const names = cells.map((cell) => cell.trim())
  const places = new Map<Column, number>()
  const unknown: string[] = []
  const problems: string[] = []
  for (const [place, name] of names.entries()) {
    const column = columns.find((each) => each === name.toLowerCase())
    if (column === undefined) {
      if (name !== '') unknown.push(name)
      continue
    }
    const earlier = places.get(column)
    if (earlier === undefined) places.set(column, place)
    else
      problems.push(
        `The column ${column} stands twice, as column ${earlier + 1} and as column ${place + 1}. Remove one of them.`,
      )
  }
  const missing = (['name', 'price'] as const).filter((column) => !places.has(column))
  if (missing.length > 0)
    problems.push(
      `The first row must name the columns, and it names no ${missing.join(' and no ')}. Known columns: ${columns.join(', ')}.`,
    )
  return { places, names, unknown, problems }
}

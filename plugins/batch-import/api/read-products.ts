import type { ProductInput } from '@bitcartcc/sdk/resources'
import { rowsOf } from './cells.ts'
import { delimiterOf } from './delimiter.ts'
import { headerOf, type Header } from './header.ts'
import { productOf, type Pricing } from './row.ts'

/** What a file of products comes to. Nothing is written. */
export interface ReadProducts {
  readonly header: Header
  /** The first row as it stands in the file. */
  readonly headerText: string
  readonly delimiter: ',' | ';' | '\t'
  /** All rows below the first, good and refused. */
  readonly rows: number
  readonly products: readonly ProductInput[]
  readonly refused: readonly RefusedRow[]
  /** The first rows that have cells, shortened for show. */
  readonly first: readonly { readonly line: number; readonly cells: readonly string[] }[]
  /** Why no row can be imported at all; empty where all is well. */
  readonly problems: readonly string[]
}
export interface RefusedRow {
  /** Where it starts in the file, from 1. */
  readonly line: number
  readonly reason: string
  /** The row as it stands in the file. */
  readonly text: string
}

export const maxRows = 20_000
export const maxBytes = 10_000_000
const maxUnreadable = 1000
const shownRows = 5
const shownLength = 120

/** Reads a CSV file and checks every row; `onRows` hears now and then how many are checked. */
export async function readProducts(
  text: string,
  store: Pricing,
  onRows?: (checked: number) => Promise<void>,
): Promise<ReadProducts> {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const delimiter = delimiterOf(content)
  const products: ProductInput[] = []
  const refused: RefusedRow[] = []
  const first: ReadProducts['first'][number][] = []
  const problems: string[] = []
  let header: Header | undefined
  let headerText = ''
  let rows = 0
  let unreadable = 0

  for await (const row of rowsOf(content, delimiter)) {
    const { line, text: rowText } = row.record
    const refuse = (reason: string) => refused.push({ line, reason, text: rowText })
    if (!header) {
      headerText = rowText
      header = headerOf('cells' in row ? row.cells : [])
      problems.push(...('cells' in row ? header.problems : [`Line ${line}: ${row.reason}.`]))
      if (problems.length > 0) break
      continue
    }
    if ('cells' in row && row.cells.every((cell) => cell.trim() === '')) continue
    rows++
    if (rows > maxRows)
      problems.push(`The file has more than ${maxRows} rows. Split it into several files.`)
    if ('reason' in row && ++unreadable > maxUnreadable)
      problems.push(
        `More than ${maxUnreadable} rows cannot be read as CSV. Check that the file is a CSV file.`,
      )
    if (problems.length > 0) break
    if ('cells' in row) {
      if (first.length < shownRows) first.push({ line, cells: row.cells.map(shown) })
      const checked = productOf(row.cells, header, store)
      if (checked.ok) products.push(checked.product)
      else refuse(checked.reason)
    } else refuse(row.reason)
    if (onRows && rows % 500 === 0) await onRows(rows)
  }
  if (!header) problems.push('The file is empty.')
  else if (problems.length === 0 && rows === 0)
    problems.push('The file names its columns and has no rows below them.')
  return {
    header: header ?? headerOf([]),
    headerText,
    delimiter,
    rows,
    products,
    refused,
    first,
    problems,
  }
}

const shown = (cell: string) =>
  cell.length > shownLength ? `${cell.slice(0, shownLength)}…` : cell

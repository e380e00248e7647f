/** One row of a CSV file as it stands there. */
export interface CsvRecord {
  /** Where it starts, from 1. */
  readonly line: number
  /** Without the line's end. */
  readonly text: string
  /** A quote was opened and not closed: the row is cut at the end of its first line, so that the rows below it are read. */
  readonly isOpen: boolean
}

/** No row of a product is longer; a quote that is left open does not swallow the file. */
const maxLength = 100_000

/** Cuts a CSV file into rows; a line's end inside quotes does not end one. Blank lines are left out. */
export function* recordsOf(text: string, delimiter: string): Generator<CsvRecord> {
  let from = 0
  let line = 1
  while (from < text.length) {
    const closed = endOf(text, from, delimiter)
    const end = closed ?? endOfLine(text, from)
    const record = text.slice(from, end)
    if (record.trim() !== '') yield { line, text: record, isOpen: closed === undefined }
    const next = text.startsWith('\r\n', end) ? end + 2 : end + 1
    line += linesIn(record) + 1
    from = next
  }
}

/** Where the row that starts at `from` ends; undefined where its quotes do not close. */
function endOf(text: string, from: number, delimiter: string): number | undefined {
  let isQuoted = false
  let isCellStart = true
  for (let at = from; at < text.length; at++) {
    const letter = text[at]
    if (isQuoted) {
      if (at - from > maxLength) return undefined
      if (letter !== '"') continue
      if (text[at + 1] === '"') at++
      else isQuoted = false
    } else if (letter === '\n' || letter === '\r') return at
    else if (letter === '"' && isCellStart) {
      isQuoted = true
      isCellStart = false
    } else isCellStart = letter === delimiter
  }
  return isQuoted ? undefined : text.length
}

function endOfLine(text: string, from: number): number {
  const found = text.slice(from, from + maxLength).search(/[\r\n]/)
  if (found >= 0) return from + found
  const far = /[\r\n]/g
  far.lastIndex = from
  return far.exec(text)?.index ?? text.length
}

const linesIn = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0

import { delimiterOf } from '../api/delimiter.ts'
import type { RefusedRow } from '../api/shapes.ts'

/** Refused rows as a CSV file: line and reason before each row as it stood, so that it can be mended and imported again. */
export function refusedCsv(header: string, rows: readonly RefusedRow[]): string {
  const delimiter = delimiterOf(header)
  return [
    `line${delimiter}reason${delimiter}${header}`,
    ...rows.map((row) => `${row.line}${delimiter}${quoted(row.reason)}${delimiter}${row.text}`),
    '',
  ].join('\r\n')
}

/** Hands a text to the browser as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

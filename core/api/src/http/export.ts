import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Metadata, Page } from '@bitcartcc/sdk/resources'

export type ExportFormat = 'csv' | 'json'

/**
 * Answers with a whole list as a file, read page by page while it is sent: JSON as the API shows it, or CSV with a row of titles.
 *
 * A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export function sendExport<T extends object>(
  reply: FastifyReply,
  named: { readonly name: string; readonly format: ExportFormat },
  columns: Readonly<Record<string, (item: T) => string | number | null>>,
  read: (cursor: string | undefined) => Promise<Page<T>>,
): FastifyReply {
  const { name, format } = named
  return reply
    .header(
      'content-type',
      format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
    )
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .send(Readable.from(format === 'csv' ? csv(columns, read) : json(read)))
}

/** What is noted about a record, in one cell: JSON, or nothing. */
export const notedCell = (metadata: Metadata | undefined): string | null =>
  metadata && Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : null

async function* pages<T>(read: (cursor: string | undefined) => Promise<Page<T>>) {
  let cursor: string | undefined
  do {
    const { items, next } = await read(cursor)
    yield items
    cursor = next ?? undefined
  } while (cursor !== undefined)
}

async function* csv<T>(
  columns: Readonly<Record<string, (item: T) => string | number | null>>,
  read: (cursor: string | undefined) => Promise<Page<T>>,
) {
  yield rowOf(Object.keys(columns))
  for await (const items of pages(read))
    yield items.map((item) => rowOf(Object.values(columns).map((cell) => cell(item)))).join('')
}

async function* json<T>(read: (cursor: string | undefined) => Promise<Page<T>>) {
  let before = '['
  for await (const items of pages(read))
    for (const item of items) {
      yield `${before}\n${JSON.stringify(item)}`
      before = ','
    }
  yield before === '[' ? '[]\n' : '\n]\n'
}

const rowOf = (cells: readonly (string | number | null)[]) => `${cells.map(cellOf).join(',')}\r\n`

function cellOf(value: string | number | null): string {
  if (value === null) return ''
  const text = String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

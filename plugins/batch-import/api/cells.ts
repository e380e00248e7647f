import { setImmediate as letOthersWork } from 'node:timers/promises'
import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import { recordsOf, type CsvRecord } from './records.ts'

export type CsvRow =
  | { readonly record: CsvRecord; readonly cells: readonly string[] }
  | { readonly record: CsvRecord; readonly reason: string }

const batchSize = 200

/** Reads the cells of every row, or why they cannot be read; gives way to other work between batches. */
export async function* rowsOf(text: string, delimiter: string): AsyncGenerator<CsvRow> {
  for (const batch of batchesOf(recordsOf(text, delimiter))) {
    yield* cellsOf(batch, delimiter)
    await letOthersWork()
  }
}

function cellsOf(batch: readonly CsvRecord[], delimiter: string): readonly CsvRow[] {
  try {
    if (batch.some((record) => record.isOpen))
      throw new CsvError('CSV_QUOTE_NOT_CLOSED', 'cut by the rule of records.ts')
    const rows = parse(batch.map((record) => record.text).join('\n'), {
      delimiter,
      relax_column_count: true,
      record_delimiter: ['\n'],
    })
    if (rows.length !== batch.length) throw new Error('a batch gives as many rows as it holds')
    return rows.map((cells, index) => ({ record: batch[index] as CsvRecord, cells })) // as many, see above
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const [only] = batch
    if (only && batch.length === 1) return [{ record: only, reason: reasonOf(error) }]
    return batch.flatMap((record) => cellsOf([record], delimiter))
  }
}

function* batchesOf(records: Iterable<CsvRecord>): Generator<readonly CsvRecord[]> {
  let batch: CsvRecord[] = []
  for (const record of records) {
    batch.push(record)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function reasonOf(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed'
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE')
    return 'a quote inside a quoted cell must be written twice'
  if (error.code === 'INVALID_OPENING_QUOTE')
    return 'a quote stands inside a cell that is not quoted'
  return `cannot be read as CSV (${error.code})`
}

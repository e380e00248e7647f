import type { Page } from '@bitcartcc/sdk/resources'
import { unfit } from './refusals.ts'

/** The place a cursor stands for: rows with a smaller `seq` follow. */
export function seqOf(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const seq = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^[0-9]{1,18}$/.test(seq)) throw unfit('cursor', 'is not one that a list gave')
  return seq
}

/** A page out of one row more than asked for. */
export function pageOf<Row extends { readonly seq: string }, T>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(show),
    next:
      rows.length > limit && last ? Buffer.from(last.seq, 'latin1').toString('base64url') : null,
  }
}

/** A pattern for ILIKE that finds the text as it stands, wildcards included. */
export const containing = (text: string) => `%${startingWith(text)}`

/** A pattern for LIKE that finds what begins with the text as it stands. */
export const startingWith = (text: string) =>
  `${text.replaceAll('\0', '').replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`

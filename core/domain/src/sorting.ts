import { sql, type RawBuilder } from 'kysely'
import type { Page } from '@bitcartcc/sdk/resources'
import { unfit } from './refusals.ts'

/** How a list is sorted: by a value that is never null, and by a key where values are the same. */
export interface Sorting {
  /** Its name: the cursor of one sorting is none of another. */
  readonly name: string
  readonly value: RawBuilder<unknown>
  readonly valueType: 'text' | 'numeric' | 'bigint'
  readonly key: RawBuilder<unknown>
  readonly keyType: 'bigint' | 'uuid'
  readonly isDescending: boolean
}

/** What a row of a sorted list holds besides its own columns: where it stands. */
export interface Placed {
  readonly place_value: string
  readonly place_key: string
}

/** Gives the parts of a query that make a sorted list, from where a cursor stands. */
export function sorted(sorting: Sorting, cursor: string | undefined) {
  const { name, value, valueType, key, keyType, isDescending } = sorting
  const direction = sql.raw(isDescending ? 'desc' : 'asc')
  const place = cursor === undefined ? undefined : placeOf(sorting, cursor)
  return {
    columns: [
      sql<string>`(${value})::text`.as('place_value'),
      sql<string>`(${key})::text`.as('place_key'),
    ] as const,
    after: place
      ? sql<boolean>`(${value}, ${key}) ${sql.raw(isDescending ? '<' : '>')} (${place.value}::${sql.raw(valueType)}, ${place.key}::${sql.raw(keyType)})`
      : sql<boolean>`true`,
    order: sql`${value} ${direction}, ${key} ${direction}`,
    /** A page out of one row more than asked for. */
    pageOf<Row extends Placed, T>(
      rows: readonly Row[],
      limit: number,
      show: (row: Row) => T,
    ): Page<T> {
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const next = last && [name, last.place_value, last.place_key]
      return {
        items: page.map(show),
        next:
          rows.length > limit && next
            ? Buffer.from(JSON.stringify(next), 'utf8').toString('base64url')
            : null,
      }
    },
  }
}

const patterns = {
  text: /^[^\0]*$/,
  numeric: /^-?[0-9]{1,40}(\.[0-9]{1,40})?$/,
  bigint: /^[0-9]{1,18}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
} as const

function placeOf({ name, valueType, keyType }: Sorting, cursor: string) {
  const [of, value, key] = partsOf(cursor)
  if (of !== name || value === undefined || key === undefined)
    throw unfit('cursor', 'is not one that this list gave')
  if (!patterns[valueType].test(value) || !patterns[keyType].test(key))
    throw unfit('cursor', 'is not one that a list gave')
  return { value, key }
}

function partsOf(cursor: string): readonly string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : []
  } catch {
    return []
  }
}

/** Says whether a text is an identifier as the queue has them. */
export const isUuid = (text: string): boolean => patterns.uuid.test(text)

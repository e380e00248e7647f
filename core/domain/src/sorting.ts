import { sql, type RawBuilder } from 'kysely'
import type { Page } from '@bitcartcc/sdk/resources'
import { unfit } from './refusals.ts'

/** How a list is sorted: by a value that is never null, and by a key where values are the same. */
export interface Sorting {
  /** Its name: the cursor of one sorting is none of another. */
  readonly name: string
  readonly by: SortValue
  readonly key: SortValue
  readonly isDescending: boolean
}

/** An expression of the database, and its type. */
export interface SortValue {
  readonly sql: RawBuilder<unknown>
  readonly type: 'text' | 'numeric' | 'bigint' | 'uuid'
}

/** What a row of a sorted list holds besides its own columns: where it stands. Where the key alone sorts, that is the value. */
export interface Placed {
  readonly place_value: string
  readonly place_key: string
}

/** One of a list's ways to be sorted: `price` has the smallest first, `-price` the largest. */
export function sortingOf<Way extends string>(
  sort: Way | `-${Way}`,
  ways: Readonly<Record<Way, SortValue>>,
  key: SortValue,
): Sorting {
  const isDescending = sort.startsWith('-')
  const way = (isDescending ? sort.slice(1) : sort) as Way // its two forms
  return { name: sort, by: ways[way], key, isDescending }
}

/** Gives the parts of a query that make a sorted list, from where a cursor stands. */
export function sorted(sorting: Sorting, cursor: string | undefined) {
  const { name, by, key, isDescending } = sorting
  const direction = sql.raw(isDescending ? 'desc' : 'asc')
  const follows = sql.raw(isDescending ? '<' : '>')
  const place = cursor === undefined ? undefined : placeOf(sorting, cursor)
  const at = (value: string, { type }: SortValue) => sql`${value}::${sql.raw(type)}`
  // Where the key alone sorts, an index on it serves.
  const isByKey = by === key
  return {
    columns: [
      sql<string>`(${key.sql})::text`.as('place_key'),
      ...(isByKey ? [] : [sql<string>`(${by.sql})::text`.as('place_value')]),
    ] as const,
    after: !place
      ? sql<boolean>`true`
      : isByKey
        ? sql<boolean>`${key.sql} ${follows} ${at(place.key, key)}`
        : sql<boolean>`(${by.sql}, ${key.sql}) ${follows} (${at(place.value, by)}, ${at(place.key, key)})`,
    order: isByKey
      ? sql`${key.sql} ${direction}`
      : sql`${by.sql} ${direction}, ${key.sql} ${direction}`,
    /** A page out of one row more than asked for. */
    pageOf<Row extends Placed, T>(
      rows: readonly Row[],
      limit: number,
      show: (row: Row) => T,
    ): Page<T> {
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return {
        items: page.map(show),
        next:
          rows.length > limit && last
            ? cursorOf([name, isByKey ? last.place_key : last.place_value, last.place_key])
            : null,
      }
    },
  }
}

const cursorOf = (parts: readonly string[]) =>
  Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url')

const patterns = {
  text: /^[^\0]*$/,
  numeric: /^-?[0-9]{1,40}(\.[0-9]{1,40})?$/,
  bigint: /^[0-9]{1,18}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
} as const

function placeOf({ name, by, key }: Sorting, cursor: string) {
  const [of, value = '', at = ''] = partsOf(cursor)
  if (of !== name || !patterns[by.type].test(value) || !patterns[key.type].test(at))
    throw unfit('cursor', 'is not one that this list gave')
  return { value, key: at }
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

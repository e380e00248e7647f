import pg from 'pg'

/**
 * Types of values as a connection reads them: those of `pg`, and timestamps in UTC without looking for their parts by a
 * pattern. A list of products has 50 of them: reading them was a tenth of what it took.
 */
export const readTypes = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.TIMESTAMPTZ && format !== 'binary'
      ? readTimestamp
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser, // its overloads in one
}

const readAny = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text') as (
  text: string,
) => Date | number // numbers are the infinities

/** Reads `2026-11-26 21:48:07.123456+00`; parts of milliseconds are left out, as `pg` does. */
export function readTimestamp(text: string): Date | number {
  if (!isPlain(text)) return readAny(text)
  const digits = (from: number, to: number) => {
    let value = 0
    for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - zero
    return value
  }
  const fraction = Math.min(text.length - 3, 23) - 20
  return new Date(
    Date.UTC(
      digits(0, 4),
      digits(5, 7) - 1,
      digits(8, 10),
      digits(11, 13),
      digits(14, 16),
      digits(17, 19),
      fraction > 0 ? digits(20, 20 + fraction) * (hundreds[fraction] ?? 1) : 0,
    ),
  )
}

const zero = 48
const hundreds: readonly number[] = [0, 100, 10, 1]

/** With a year of four digits, in UTC: what is longer, infinite or before Christ is not, nor is what another zone says. */
function isPlain(text: string): boolean {
  return (
    text.length >= 22 &&
    text.length <= 29 &&
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(0) > zero &&
    text.endsWith('+00') &&
    (text.length === 22 || text.charCodeAt(19) === 46)
  )
}

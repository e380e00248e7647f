import pg from 'pg'
import { expect, test } from 'vitest'
import { readTimestamp } from './timestamps.ts'

const readAny = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text')

test('a timestamp is read as pg reads it, whatever its form', () => {
  const texts = [
    '2026-11-26 21:48:07+00',
    '2026-11-26 21:48:07.1+00',
    '2026-11-26 21:48:07.12+00',
    '2026-11-26 21:48:07.123+00',
    '2026-11-26 21:48:07.1234+00',
    '2026-11-26 21:48:07.000999+00',
    '2026-11-26 21:48:07.123456+00',
    '1000-01-01 00:00:00+00',
    '0099-12-31 23:59:59.5+00',
    '2024-02-29 23:59:59.999999+00',
    '2026-11-26 21:48:07.123456+01',
    '2026-11-26 21:48:07+05:30',
    '2026-11-26 21:48:07.123456-03:30',
    '12026-11-26 21:48:07+00',
    '12026-11-26 21:48:07.123+00',
    '0044-03-15 12:00:00+00 BC',
    'infinity',
    '-infinity',
  ]
  expect(texts.map(readTimestamp)).toEqual(texts.map((text) => readAny(text) as unknown))
  expect((readTimestamp('2026-11-26 21:48:07.123456+00') as Date).toISOString()).toBe(
    '2026-11-26T21:48:07.123Z',
  )
})

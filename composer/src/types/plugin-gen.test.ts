import { expect, test } from 'vitest'
import { typeOf } from './json-schema.ts'
import { columnType } from './tables.ts'

test('a JSON Schema becomes the type a person would write', () => {
  const schema = {
    type: 'object',
    required: ['id', 'tags'],
    properties: {
      id: { type: 'string' },
      tags: { type: 'array', items: { enum: ['new', "chef's"] } },
      'per-day': { type: ['integer', 'null'] },
    },
  }
  expect(typeOf(schema)).toBe(
    String.raw`{ id: string; tags: ('new' | 'chef\'s')[]; 'per-day'?: number | null }`,
  )
})

test('a column has the type that pg gives', () => {
  const column = { name: 'x', labels: [], isNullable: false, isGenerated: false }
  expect(
    [
      { ...column, type: 'bigint', isGenerated: true },
      { ...column, type: 'numeric', isNullable: true },
      { ...column, type: 'timestamp with time zone', isNullable: true, isGenerated: true },
      { ...column, type: 'integer[]' },
      { ...column, type: 'mood', labels: ['sad', 'glad'] },
    ].map(columnType),
  ).toEqual([
    'Generated<string>',
    'string | null',
    'Generated<Date | null>',
    'number[]',
    "'sad' | 'glad'",
  ])
})

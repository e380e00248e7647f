import { expect, test } from 'vitest'
import { release } from '../resolve/test-support.ts'
import { typeOf } from './json-schema.ts'
import { othersOf, pluginGen } from './plugin-gen.ts'
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

test('a plugin knows its own tables, and of those of others what a plugin that it requires publishes', () => {
  const { manifest } = release('loyalty', '1.0.0', {
    plugins: { ledger: '*' },
    optional: { tips: '*' },
  })
  const manifests = [
    manifest,
    { ...release('ledger', '1.0.0').manifest, publishes: ['balances'] },
    { ...release('tips', '1.0.0').manifest, publishes: ['tips'] },
  ]
  const column = { name: 'id', type: 'bigint', labels: [], isNullable: false, isGenerated: true }
  const tables = ['balances', 'hidden', 'points', 'tips'].map((name) => ({
    name,
    columns: [column],
  }))
  const text = pluginGen(manifest, othersOf(manifests), {
    p_ledger: tables.slice(0, 2),
    p_loyalty: tables.slice(2, 3),
    p_tips: tables.slice(3),
  })
  expect(/ {2}tables: .+/.exec(text)?.[0]).toBe(
    "  tables: { points: { id: Generated<string> }; 'p_ledger.balances': { id: string } }",
  )
})

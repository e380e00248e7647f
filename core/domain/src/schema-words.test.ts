import * as Schema from 'typebox/schema'
import { expect, test } from 'vitest'
import { schemaRule } from './schema-words.ts'

/** The rules that a value breaks, by the path of what breaks them. */
const broken = (schema: object, value: unknown) =>
  Schema.Errors(schema, value)[1].map(
    ({ instancePath, ...fault }) =>
      `${instancePath} ${schemaRule({ ...fault, params: { ...fault.params } })}`,
  )

test('each rule of a schema is told as a person reads it', () => {
  const properties = {
    name: { type: 'string', minLength: 1 },
    password: { type: 'string', minLength: 10 },
    short: { type: 'string', maxLength: 3 },
    count: { type: 'integer', minimum: 1 },
    stars: { type: 'integer', maximum: 5 },
    price: { type: 'number', exclusiveMinimum: 0 },
    hidden: { type: 'boolean' },
    either: { type: ['string', 'null'] },
    color: { enum: ['red', 'green'] },
    events: { type: 'array', minItems: 1 },
    twice: { type: 'array', uniqueItems: true },
    code: { type: 'string', pattern: '^[A-Z]+$' },
  }
  const values = {
    name: '',
    password: 'short',
    short: 'long',
    count: 0,
    stars: 6,
    price: 0,
    hidden: 'no',
    either: 1,
    color: 'blue',
    events: [],
    twice: [1, 1],
    code: 'a',
  }
  const found = Object.entries(properties).flatMap(([name, schema]) =>
    broken({ type: 'object', properties: { [name]: schema } }, values),
  )
  expect(found).toEqual([
    '/name must not be empty',
    '/password must have at least 10 characters',
    '/short must have at most 3 characters',
    '/count must be at least 1',
    '/stars must be at most 5',
    '/price must be more than 0',
    '/hidden must be true or false',
    '/either must be a text or null',
    '/color must be one of red, green',
    '/events must not be empty',
    '/twice must not say one thing twice',
    '/code must match pattern "^[A-Z]+$"',
  ])
})

test('what has no better words keeps those of the validator', () => {
  expect([
    schemaRule({
      keyword: 'format',
      params: { format: 'email' },
      message: 'must match format "email"',
    }),
    schemaRule({
      keyword: 'format',
      params: { format: 'hostname' },
      message: 'must match format "hostname"',
    }),
    schemaRule({ keyword: 'not', params: {} }),
  ]).toEqual(['must be an e-mail address', 'must match format "hostname"', 'does not fit'])
})

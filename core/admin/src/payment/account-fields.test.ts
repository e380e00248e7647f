import { expect, test } from 'vitest'
import { fieldsOf, valuesFor } from './account-fields.ts'

test('a form begins with what is stored, then with the defaults of its schema', () => {
  const schema = {
    type: 'object',
    required: ['key', 'server'],
    properties: {
      key: { type: 'string', title: 'Key', maxLength: 200 },
      server: { type: 'string', title: 'Server', default: 'https://a.example' },
      depth: { type: 'integer', default: 1, minimum: 0 },
      token: { type: 'string', writeOnly: true },
    },
  }
  const account = {
    method: 'x.y',
    title: 'X',
    isEnabled: true,
    isSet: true,
    schema,
    values: { key: 'abc', depth: 6 },
    failure: null,
  }
  expect(valuesFor(account)).toEqual({
    key: 'abc',
    server: 'https://a.example',
    depth: 6,
    token: null,
  })
  expect(
    fieldsOf(schema).map(({ name, isRequired, isSecret, isLong }) => [
      name,
      isRequired,
      isSecret,
      isLong,
    ]),
  ).toEqual([
    ['key', true, false, true],
    ['server', false, false, false],
    ['depth', false, false, false],
    ['token', false, true, false],
  ])
})

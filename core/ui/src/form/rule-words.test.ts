import { expect, test } from 'vitest'
import { ruleWords } from './rule-words.ts'

const words = (broken: keyof ValidityState, control: object = {}) =>
  ruleWords({
    type: 'text',
    validationMessage: 'As the browser says',
    ...control,
    validity: { [broken]: true },
  })

test('each rule of a field has its sentence', () => {
  expect([
    words('valueMissing'),
    words('valueMissing', { type: 'select-one' }),
    words('typeMismatch', { type: 'email' }),
    words('typeMismatch', { type: 'url' }),
    words('badInput', { type: 'number' }),
    words('tooShort', { minLength: 10 }),
    words('tooLong', { maxLength: 80 }),
    words('rangeUnderflow', { min: '1' }),
    words('rangeOverflow', { max: '5' }),
    words('patternMismatch'),
  ]).toEqual([
    'Fill this in',
    'Choose one',
    'Write an e-mail address, like ada@example.com',
    'Write an address, like https://example.com',
    'Write a number',
    'At least 10 characters',
    'At most 80 characters',
    'At least 1',
    'At most 5',
    'As the browser says',
  ])
})

import type { SettingRow } from '@bitcartcc/sdk/resources'
import { expect, test } from 'vitest'
import { draftOf, humanised, isChanged } from './setting.ts'

const row = (change: Partial<SettingRow>): SettingRow => ({
  plugin: 'ratings',
  key: 'minimum',
  title: 'Lowest rating shown',
  type: 'integer',
  options: [],
  minimum: 1,
  maximum: 5,
  isSecret: false,
  isSet: true,
  value: 1,
  origin: 'default',
  description: '',
  format: '',
  scope: 'global',
  ...change,
})

test('a form begins with the present value and knows what was changed', () => {
  const secret = row({ type: 'string', isSecret: true, value: null })
  expect([
    draftOf(row({})),
    draftOf(row({ type: 'boolean', value: true })),
    draftOf(row({ type: 'string', value: null })),
    draftOf(secret),
  ]).toEqual([1, true, '', ''])
  expect([
    isChanged(row({}), 1),
    isChanged(row({}), 2),
    isChanged(secret, ''),
    isChanged(secret, 'new'),
  ]).toEqual([false, true, false, true])
})

test('a choice without a title is shown as people would write it', () => {
  expect(
    ['all-or-nothing', 'goodRows', 'TLS', 'in_place', 'de', '-'].map((code) => humanised(code)),
  ).toEqual(['All or nothing', 'Good rows', 'TLS', 'In place', 'De', '-'])
})

import { expect, test } from 'vitest'
import { readYaml } from './yaml-file.ts'

test('a text that is read twice tells each reader its own name, and hands out data of its own', () => {
  const text = 'services:\n  api: { image: shop }\n'
  const [first, second] = ['a.yml', 'b.yml'].map((name) =>
    readYaml(text, name, 'selection/not-yaml'),
  )
  if (!first || !second || !('value' in first) || !('value' in second))
    throw new Error('it is YAML')
  Object.assign(first.value as object, { services: 'changed' }) // a mapping, as it says
  expect([second.value, second.at('services', 'api')]).toEqual([
    { services: { api: { image: 'shop' } } },
    { file: 'b.yml', line: 2, column: 3 },
  ])
})

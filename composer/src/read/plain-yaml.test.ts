import { expect, test } from 'vitest'
import { plainYamlProblems } from './plain-yaml.ts'
import { readYaml } from './yaml-file.ts'

function reason(text: string): string | undefined {
  const read = readYaml(text, 'plugin.yaml', 'sources/not-yaml')
  const problems = 'value' in read ? plainYamlProblems(read, text, 'sources/not-yaml') : read
  return problems.map(({ because, facts }) => `${facts?.[0]?.[0]} ${because?.[0]}`)[0]
}

test('a manifest says everything where it stands', () => {
  expect(
    [
      'a: 1\nb: [x, { y: z }]\n',
      'a: &one [1]\n',
      'a: 1\nb: *one\n',
      'a: 1\nb: { <<: { c: 1 } }\n',
      `a: ${'['.repeat(33)}${']'.repeat(33)}\n`,
      `a: ${'['.repeat(30)}${']'.repeat(30)}\n`,
      'a: ! x\n',
      'a: !shop x\n',
    ].map(reason),
  ).toEqual([
    undefined,
    'plugin.yaml:1 A manifest has no anchors.',
    'plugin.yaml:2 Unresolved alias (the anchor must be set before the alias): one.',
    'plugin.yaml:2 A manifest has no merge keys.',
    'plugin.yaml:1 A manifest is at most 32 levels deep.',
    undefined,
    'plugin.yaml:1 A manifest has no tags.',
    'plugin.yaml:1 Unresolved tag: !shop.',
  ])
})

test.each(['['.repeat(20_000), '{ a: '.repeat(5_000), '- '.repeat(20_000)])(
  'a text without a bottom is a problem, no crash (%#)',
  (text) => {
    const read = readYaml(text, 'plugin.yaml', 'sources/not-yaml')
    const problems = 'value' in read ? [] : read
    expect(problems[0]?.because).toEqual(['It is nested too deep.'])
  },
)

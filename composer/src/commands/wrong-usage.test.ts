import { parseArgs } from 'node:util'
import { expect, test } from 'vitest'
import { wrongUsage } from './wrong-usage.ts'

const options = { out: { type: 'string' }, frozen: { type: 'boolean' } } as const
function said(...args: string[]): string {
  try {
    parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    return wrongUsage('build', error, Object.keys(options))
  }
  return 'nothing'
}

test('an option that a command does not have, and one without its value, are told in a line', () => {
  expect([
    said('--frozn'),
    said('--nothing-like-it'),
    said('-x'),
    said('--out'),
    said('--out', '--frozen'),
    said('--frozen=yes'),
    said('--frozen'),
  ]).toEqual([
    'compose build has no option --frozn. Did you mean   --frozen',
    'compose build has no option --nothing-like-it.',
    'compose build has no option -x.',
    '--out needs a value.',
    '--out needs a value.',
    '--frozen takes no value.',
    'nothing',
  ])
})

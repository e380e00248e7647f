import { expect, test } from 'vitest'
import { problemText } from './problem.ts'

test('a problem is worded in one order: what, why, where, what is safe, how to mend it', () => {
  expect(
    problemText({
      code: 'plan/port-conflict',
      says: 'Two services want port 9090.',
      because: [
        'metrics 1.3.0 exposes prometheus, and search 3.0.0 exposes its own page on it too.',
      ],
      facts: [
        ['metrics 1.3.0', 'plugin.yaml:41', 'prometheus'],
        ['search 3.0.0', 'plugin.yaml:7', 'search-ui'],
      ],
      kept: 'Nothing was written.',
      fix: ['Choose another port in one of them.', 'Or leave one out.'],
    }),
  ).toBe(`✗ Two services want port 9090.

    metrics 1.3.0 exposes prometheus, and search 3.0.0 exposes its own page on
      it too.

    metrics 1.3.0   plugin.yaml:41   prometheus
    search 3.0.0    plugin.yaml:7    search-ui

  Nothing was written.

  Fix: Choose another port in one of them.
       Or leave one out.

  More: compose explain plan/port-conflict
`)
})

test('what a plugin wrote cannot move the cursor or fill the screen', () => {
  const text = problemText({
    code: 'sources/bad-name',
    says: `\u001b[2Jname\u202e ${'x'.repeat(500)}`,
    fix: ['Rename it.'],
  })
  expect(text.split('\n').slice(0, 3)).toEqual(['✗ [2Jname', `  ${'x'.repeat(180)}`, '  …'])
  expect(text.length).toBeLessThan(520)
})

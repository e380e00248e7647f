import { expect, test } from 'vitest'
import { problemText } from '@bitcartcc/sdk/problem'
import { rehearsalBroke, rehearsalTooSlow } from './problems.ts'

// Each takes a minute or more to bring about with the real database.
test('a rehearsal that does not end, and one that breaks, are told with the plugins whose migrations ran', () => {
  const told = [
    rehearsalTooSlow(120, ['loyalty', 'ratings']),
    rehearsalBroke('one\ntwo\nRuntimeError: memory access out of bounds\n', ['loyalty']),
  ]
  expect(told.map(problemText).join('\n')).toMatchInlineSnapshot(`
    "✗ The migrations did not end within 120 s on an empty database.

        plugins   loyalty, ratings

      Nothing was written to dist/.

      Fix: Look for a statement without end in the migrations of these plugins.

      More: compose explain check/migration-too-slow

    ✗ The embedded PostgreSQL ended in the middle of the migrations.

        plugins   loyalty
        it said   one
        it said   two
        it said   RuntimeError: memory access out of bounds

      Nothing was written to dist/.

      Fix: Look for a statement that needs a lot of memory, or ends its own connection, in the migrations of these plugins.
           If there is none, build again with more memory free.

      More: compose explain check/rehearsal-broke
    "
  `)
})

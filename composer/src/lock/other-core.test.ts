import { expect, test } from 'vitest'
import { problemText } from '@bitcartcc/sdk/problem'
import { otherFilesOfCore } from './index.ts'

const locked = { version: '1.0.0', tree: 'h1:locked' }

test('a core of the locked version with other files is refused with both hashes, and another version is not', () => {
  const told = (version: string, tree: string) =>
    otherFilesOfCore(locked, { version, tree }, 'selection.lock')
  expect([told('1.0.0', 'h1:locked'), told('1.0.1', 'h1:found')]).toEqual([[], []])
  expect(told('1.0.0', 'h1:found').map(problemText).join('\n')).toMatchInlineSnapshot(`
    "✗ Core 1.0.0 as npm installed it holds other files than selection.lock names.

        selection.lock   core 1.0.0   h1:locked
        node_modules     core 1.0.0   h1:found

      Nothing was built, and selection.lock is unchanged.

      Fix: Remove node_modules, and install again:   npm ci
           If these files are meant:   compose build --relock

      More: compose explain lock/other-core
    "
  `)
})

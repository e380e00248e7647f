import { expect, test } from 'vitest'
import type { Lock } from '../model/lock.ts'
import { changeLines, lockChanges } from './lock-changes.ts'
import { lock } from './test-lock.ts'

const lines = (previous: Lock | undefined, next: Lock) => changeLines(lockChanges(previous, next))

test('another proxy brings another image', () => {
  const images = (...names: readonly string[]): Lock => ({
    ...lock,
    core: { ...lock.core, images: names },
  })
  expect(lines(images('caddy:2', 'postgres:18'), images('nginx:1', 'postgres:18'))).toEqual([
    'core 1.0.0',
    '  + image nginx:1',
    '  - image caddy:2',
  ])
})

test('changes are told in the words of versions', () => {
  const entry = { version: '1.1.0', source: 'plugins/ratings', tree: 'h1:e', manifest: 'sha256-f' }
  const next: Lock = {
    ...lock,
    core: { version: '1.0.0', tree: 'h1:z' },
    plugins: { loyalty: entry, ratings: entry },
  }
  expect([lines(lock, lock), lines(lock, next), lines(next, lock), lines(undefined, lock)]).toEqual(
    [
      [],
      ['core 1.0.0: other files', '+ loyalty 1.1.0', 'ratings 1.0.0 → 1.1.0'],
      ['core 1.0.0: other files', '- loyalty 1.1.0', 'ratings 1.1.0 → 1.0.0'],
      [],
    ],
  )
})

test('what comes with a change is there as values, and a plugin that leaves takes it along', () => {
  const nothing = { added: [], removed: [] }
  const asItWas = { hasOtherFiles: false, images: nothing, permissions: nothing, migrations: [] }
  const next: Lock = {
    ...lock,
    toolchain: { node: '24.22.0', compose: '0.1.0' },
    plugins: {
      loyalty: {
        version: '2.0.0',
        source: 'shelf',
        tree: 'h1:e',
        manifest: 'sha256-f',
        license: 'MIT',
        capabilities: ['network', 'port 80'],
      },
    },
    migrations: { 'loyalty/0001_points': 'sha256-g' },
  }
  expect(lockChanges(lock, next)).toEqual([
    {
      ...asItWas,
      of: 'plugin',
      name: 'loyalty',
      from: null,
      to: '2.0.0',
      source: { from: null, to: 'shelf' },
      license: { from: null, to: 'MIT' },
      capabilities: { added: ['network', 'port 80'], removed: [] },
      migrations: [{ id: 'loyalty/0001_points' }],
    },
    {
      ...asItWas,
      of: 'plugin',
      name: 'ratings',
      from: '1.0.0',
      to: null,
      source: null,
      license: null,
      capabilities: nothing,
    },
    {
      ...asItWas,
      of: 'toolchain',
      name: 'node',
      from: '24.21.0',
      to: '24.22.0',
      source: null,
      license: null,
      capabilities: nothing,
    },
  ])
})

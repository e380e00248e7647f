import { expect, test } from 'vitest'
import type { Lock } from '../model/lock.ts'
import { lockChanges, lockText } from './lock-text.ts'

const lock: Lock = {
  format: 1,
  toolchain: { node: '24.21.0', compose: '0.1.0' },
  asked: { core: '^1.0.0', plugins: { ratings: '^1.0.0' } },
  core: { version: '1.0.0', tree: 'h1:a' },
  plugins: {
    ratings: { version: '1.0.0', source: 'plugins/ratings', tree: 'h1:b', manifest: 'sha256-c' },
  },
  migrations: { 'ratings/0001_votes': 'sha256-d' },
}

test('one fact a line, sorted by name', () => {
  expect(lockText(lock)).toBe(`{
  "asked": {
    "core": "^1.0.0",
    "plugins": {
      "ratings": "^1.0.0"
    }
  },
  "core": {
    "tree": "h1:a",
    "version": "1.0.0"
  },
  "format": 1,
  "migrations": {
    "ratings/0001_votes": "sha256-d"
  },
  "plugins": {
    "ratings": {
      "manifest": "sha256-c",
      "source": "plugins/ratings",
      "tree": "h1:b",
      "version": "1.0.0"
    }
  },
  "toolchain": {
    "compose": "0.1.0",
    "node": "24.21.0"
  }
}
`)
})

test('another proxy brings another image', () => {
  const images = (...names: readonly string[]): Lock => ({
    ...lock,
    core: { ...lock.core, images: names },
  })
  expect(lockChanges(images('caddy:2', 'postgres:18'), images('nginx:1', 'postgres:18'))).toEqual([
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
  expect([
    lockChanges(lock, lock),
    lockChanges(lock, next),
    lockChanges(next, lock),
    lockChanges(undefined, lock),
  ]).toEqual([
    [],
    ['core 1.0.0: other files', '+ loyalty 1.1.0', 'ratings 1.0.0 → 1.1.0'],
    ['core 1.0.0: other files', '- loyalty 1.1.0', 'ratings 1.1.0 → 1.0.0'],
    [],
  ])
})

import { expect, test } from 'vitest'
import { lockText } from './lock-text.ts'
import { lock } from './test-lock.ts'

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

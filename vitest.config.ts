import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'
import { wasmFlags } from './test/support/wasm-flags.ts'

const tests = [
  'core/**/*.test.ts',
  'composer/**/*.test.ts',
  'plugins/**/*.test.ts',
  'test/**/*.test.ts',
]

/** The tests that ask how often: the long run is theirs alone, for the others would do the same again. */
const counting = () =>
  globSync(tests, { exclude: ['**/node_modules/**', 'test/samples/*/**'] }).filter((file) =>
    /from '(?:\.|[./]+\/test)\/counts\.ts'/.test(readFileSync(file, 'utf8')),
  )

/** Of those, the ones whose short run is on another database than the long one. */
const alsoShort = ['core/api/src/authorization.test.ts', 'core/api/src/fuzz.test.ts']

const isLong = process.env['COMPOSE_TEST_LONG'] === '1'
const longFollows = !isLong && process.env['COMPOSE_TEST_LONG_FOLLOWS'] === '1'

export default defineConfig({
  test: {
    include: isLong ? counting() : tests,
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      // A sample is a world of its own: its files are input, not tests.
      'test/samples/*/**',
      // CI is about to run these with larger counts.
      ...(longFollows
        ? counting().filter((file) => !alsoShort.includes(file.replaceAll('\\', '/')))
        : []),
    ],
    globalSetup: './test/support/run-folder.ts',
    setupFiles: ['./test/support/same-folder.ts', './test/support/quick-passwords.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A process for each of 170 files, and what they all import read anew in it, is a fifth of the whole run.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // The memory of each embedded database that was closed would have the garbage of everything collected at once.
    execArgv: [...wasmFlags, '--external-memory-accounted-in-global-limit'],
    testTimeout: 300_000,
    hookTimeout: 600_000,
    env: { NO_COLOR: '1' },
  },
})

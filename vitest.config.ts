import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

const tests = [
  'core/*/src/**/*.test.ts',
  'composer/src/**/*.test.ts',
  'plugins/*/test/**/*.test.ts',
  'test/**/*.test.ts',
]

/** The tests that ask how often: the long run is theirs alone, for the others would do the same again. */
const counting = () =>
  globSync(tests, { exclude: ['**/node_modules/**', 'test/samples/*/**'] }).filter((file) =>
    /from '(?:\.|[./]+\/test)\/counts\.ts'/.test(readFileSync(file, 'utf8')),
  )

export default defineConfig({
  test: {
    include: process.env['COMPOSE_TEST_LONG'] === '1' ? counting() : tests,
    // A sample is a world of its own: its files are input, not tests.
    exclude: ['**/node_modules/**', '**/dist/**', 'test/samples/*/**'],
    globalSetup: './test/support/run-folder.ts',
    pool: 'forks',
    maxWorkers: 2,
    // A process for each of 170 files, and what they all import read anew in it, is a fifth of the whole run.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // A test asks the embedded database too little for its code to be worth compiling twice.
    execArgv: ['--liftoff-only'],
    testTimeout: 300_000,
    hookTimeout: 600_000,
    env: { NO_COLOR: '1' },
  },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'core/*/src/**/*.test.ts',
      'composer/src/**/*.test.ts',
      'plugins/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    // A sample is a world of its own: its files are input, not tests.
    exclude: ['**/node_modules/**', '**/dist/**', 'test/samples/*/**'],
    globalSetup: './test/support/run-folder.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    env: { NO_COLOR: '1' },
  },
})

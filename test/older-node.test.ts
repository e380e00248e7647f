import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { execa, execaSync } from 'execa'
import { expect, test } from 'vitest'
import { builtStandard } from './support/distribution.ts'

/** The machine's own Node, where it is older than ours: it started the tests, and only that. */
const older = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter((program) => existsSync(program))
  .map((program) => ({ program, version: execaSync(program, ['--version']).stdout }))
  .find(({ version }) => Number(/^v(\d+)/.exec(version)?.[1]) < 24)
const word = older ? '' : ' (skipped: this machine has no older Node)'

test.skipIf(!older)(
  `a distribution that is started with an older Node says so, and how to mend it${word}`,
  async () => {
    const { folder } = await builtStandard()
    const { program = '', version = '' } = older ?? {}
    const run = await execa(program, ['server.js', 'serve'], { cwd: folder, reject: false })
    expect([run.exitCode, run.stdout]).toEqual([1, ''])
    expect(run.stderr.replaceAll(version.slice(1), 'OLDER')).toMatchInlineSnapshot(`
      "✗ This distribution runs on Node 24.12 or later, and this is Node OLDER.

        Nothing was started.

        Fix: Start it with   compose start   which brings its own Node,
             or install Node 24, https://nodejs.org, and start it again.

        More: compose explain start/older-node
      "
    `)
  },
)

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compose-pause-'))
  writeFileSync(
    join(folder, 'docker'),
    `#!/bin/sh
[ "$2" = gone ] && { echo "Error response from daemon: Container gone is not paused" >&2; exit 1; }
[ "$1 $2" = 'unpause stuck' ] && { echo 'the engine is gone' >&2; exit 1; }
echo "$@" >>'${folder}/asked'
[ "$1 $2" = 'pause busy' ] && [ "$(grep -c 'pause busy' '${folder}/asked')" -lt 3 ] &&
  { echo 'Error response from daemon: Cannot pause container busy: OCI runtime pause failed: unable to freeze: unknown' >&2; exit 1; }
exit 0
`,
  )
  chmodSync(join(folder, 'docker'), 0o755)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process that pauses containers, asked of an engine that only writes down what it is asked; `work` is its code. */
const pausing = (ids: readonly string[], work: string) =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { whilePaused } from ${JSON.stringify(join(import.meta.dirname, 'pause.ts'))}
      await whilePaused(${JSON.stringify(ids)}, async () => { ${work} })
        .catch(({ problems: [{ says, facts }] }) => console.log(says, facts))`,
    ],
    { env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` } },
  )
const asked = () => {
  const file = join(folder, 'asked')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').toSorted() : []
}

test('what was paused goes on when the work is done, and when it failed', async () => {
  for (const work of ['', 'throw { problems: [{}] }']) {
    const run = pausing(['a', 'b'], work)
    await once(run, 'close')
    expect(asked()).toEqual(['pause a', 'pause b', 'unpause a', 'unpause b'])
    rmSync(join(folder, 'asked'))
  }
})

test('it goes on also where the process is killed meanwhile', async () => {
  const run = pausing(['a', 'b'], 'setInterval(() => {}, 1000); await new Promise(() => {})')
  while (asked().length < 2) await delay(20)
  run.kill('SIGKILL')
  while (asked().length < 4) await delay(20)
  expect(asked()).toEqual(['pause a', 'pause b', 'unpause a', 'unpause b'])
})

test('a container that could not be paused is no hindrance to the others; one that stays paused is told', async () => {
  const gone = pausing(['a', 'gone'], '')
  await once(gone, 'close')
  expect(asked()).toEqual(['pause a', 'unpause a'])
  const stuck = pausing(['stuck'], '')
  let said = ''
  stuck.stdout.on('data', (data: Buffer) => (said += data.toString()))
  await once(stuck, 'close')
  expect(said).toBe("docker unpause did not succeed. [ [ 'the engine is gone' ] ]\n")
})

test('a container that is too busy to be frozen is tried again', async () => {
  const run = pausing(['busy'], 'console.log("still")')
  let said = ''
  run.stdout.on('data', (data: Buffer) => (said += data.toString()))
  await once(run, 'close')
  expect(said).toBe('still\n')
  expect(asked()).toEqual(['pause busy', 'pause busy', 'pause busy', 'unpause busy'])
})

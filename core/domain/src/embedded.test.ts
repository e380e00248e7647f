import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Refused } from '@bitcartcc/sdk/problem'
import { openEmbedded } from './embedded.ts'

test(
  'two processes cannot have one folder, and a dead one’s lock is taken over',
  { timeout: 120_000 },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bitcartcc-embedded-'))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'test-child.ts'), 'hold', dataDir],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')

    const folder = join(dataDir, 'database')
    const refusal: unknown = await openEmbedded(folder).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refused)
    expect((refusal as Refused).problems).toMatchObject([
      {
        code: 'start/data-folder-in-use',
        says: `The data folder is in use by process ${child.pid}.`,
      },
    ]) // asserted above

    child.kill('SIGKILL')
    await once(child, 'exit')
    const embedded = await openEmbedded(folder)
    await expect(openEmbedded(folder)).rejects.toThrow(
      `The data folder is in use by process ${process.pid}.`,
    )
    await embedded.close()
  },
)

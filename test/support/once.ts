import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** The folder of this run, shared by all test files. */
export function runFolder(): string {
  const folder = process.env['COMPOSE_TEST_FOLDER']
  if (!folder) throw new Error('the run folder is missing: run the tests through vitest.config.ts')
  return folder
}

/**
 * Makes a thing once for all test files of this run, each in a process of its own.
 *
 * Gives the folder it was made in. Whoever comes later waits; a failure is everybody's failure.
 */
export async function once(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(runFolder(), name)
  const outcome = join(folder, 'outcome.json')
  if (await isFirst(folder)) {
    const failure = await make(folder).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    await writeFile(`${outcome}.new`, JSON.stringify({ failure }))
    await rename(`${outcome}.new`, outcome)
  }
  for (;;) {
    const text = await readFile(outcome, 'utf8').catch(() => undefined)
    if (text === undefined) {
      await delay(100)
      continue
    }
    const { failure } = JSON.parse(text) as { failure: string | null } // written above
    if (failure !== null) throw new Error(failure)
    return folder
  }
}

async function isFirst(folder: string): Promise<boolean> {
  return mkdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { Refused } from '@bitcartcc/sdk/problem'
import { programBeside } from '../house.ts'
import { docker } from './engine.ts'
import { engineFailed } from './problems.ts'

/**
 * Holds containers still while something is done.
 *
 * A process of its own lets them go on: it waits for the end of the pipe that this one holds, which comes when the work is
 * done, and also where this process is killed.
 */
export async function whilePaused(
  ids: readonly string[],
  work: () => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  if (ids.length === 0) return work()
  const program = programBeside(import.meta.filename, 'unpause-child')
  const unpausing = spawn(process.execPath, [program, ...ids], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  await once(unpausing, 'spawn')
  const ended = Promise.all([once(unpausing, 'close'), text(unpausing.stderr)])
  const letGoOn = async () => {
    unpausing.stdin.end()
    const [[status], said] = await ended
    if (status !== 0) throw new Refused([engineFailed('docker unpause', said.trim())])
  }
  try {
    for (const id of ids) await pause(id, signal)
    await work()
  } catch (error) {
    await letGoOn()
    throw error
  }
  await letGoOn()
}

/**
 * The kernel freezes no process that waits for a disk, and the engine gives up on it within seconds and thaws the others,
 * leaving it to whoever asked to ask again (https://github.com/opencontainers/runc/pull/4388).
 */
async function pause(id: string, signal: AbortSignal | undefined): Promise<void> {
  for (const seconds of [0.3, 1, 3, 5, 10])
    try {
      await docker(['pause', id], { signal })
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      await delay(seconds * 1000, undefined, { signal }).catch(() => {
        throw error
      })
    }
  await docker(['pause', id], { signal })
}

const isBusy = (error: unknown) =>
  error instanceof Refused &&
  error.problems.some(({ facts = [] }) => facts.flat().join('\n').includes('unable to freeze'))

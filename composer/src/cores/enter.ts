import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { House } from './bring.ts'

const variable = 'COMPOSE_CORES'

/** The versions that the core of this house was chosen from, where it was entered for that; undefined elsewhere. */
export function enteredCores(): readonly string[] | undefined {
  const told = process.env[variable]
  return told === undefined || told === '' ? undefined : told.split(',')
}

/** Runs a command of compose again, in a house with another core; passes streams and signals on, and gives the exit status. */
export function enter(
  { program }: House,
  args: readonly string[],
  cores: readonly string[] | undefined,
): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: 'inherit',
    env: { ...process.env, [variable]: cores?.join(',') ?? '' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) =>
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

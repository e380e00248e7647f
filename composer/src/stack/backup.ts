import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { dumpName, fileOfVolume, hashOfKey, packBackup } from './backup-file.ts'
import { dump, ledgerOf, rolesOf } from './database.ts'
import { docker, runningIn, stackOf, type Stack } from './engine.ts'
import { whilePaused } from './pause.ts'
import type { Place } from './place.ts'
import { fileExists, notRunning } from './problems.ts'

export interface Saved {
  readonly sizeBytes: number
  readonly volumes: readonly string[]
  /** Volumes of the project that no container has: nobody can say what they are of. */
  readonly left: readonly string[]
  /** The key stands in `.env` alone, and the backup is worth little without it. */
  readonly isKeyOutside: boolean
}

/** Saved as rows, not as files of a server that runs. */
const databaseVolume = 'database'

/**
 * Saves the rows and every volume of a stack that runs in one file, whole or not at all.
 *
 * Whatever writes to the volumes stands still meanwhile, so that files and rows are of one moment: its requests wait.
 */
export async function backUp(
  place: Place,
  core: string,
  file: string,
  signal: AbortSignal,
): Promise<Saved> {
  const target = resolve(file)
  if (existsSync(target)) throw new Refused([fileExists(file)])
  const stack = await stackOf(place.project)
  const database = runningIn(stack, 'database')
  if (!database) throw new Refused([notRunning(place.project, place.up)])
  const work = `${target}.part`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(join(work, 'files/volumes'), { recursive: true, mode: 0o700 })
  try {
    const { copies, left } = copiesOf(stack)
    const writers = stack.containers.filter(
      ({ service, isRunning, mounts }) =>
        isRunning && service !== 'database' && service !== 'proxy' && mounts.size > 0,
    )
    await whilePaused(
      writers.map(({ id }) => id),
      async () => {
        await dump(database.id, join(work, 'files', dumpName), signal)
        for (const { key, id, path } of copies)
          await docker(['cp', `${id}:${path}/.`, '-'], {
            to: join(work, 'files', fileOfVolume(key)),
            signal,
          })
      },
      signal,
    )
    const secretKey = keyOf(stack)
    const facts = {
      format: 1,
      of: 'stack',
      distribution: place.distribution,
      core,
      secretKey: secretKey === '' ? null : hashOfKey(secretKey),
      roles: await rolesOf(database.id),
      ledger: await ledgerOf(database.id),
    } as const
    const sizeBytes = await packBackup(join(work, 'files'), facts, join(work, 'packed'))
    renameSync(join(work, 'packed'), target)
    return {
      sizeBytes,
      volumes: copies.map(({ key }) => key),
      left,
      isKeyOutside: secretKey !== '',
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Where each volume is read: in a container that has it, whatever its image has of programs. */
function copiesOf({ containers, volumes }: Stack) {
  const wanted = [...volumes].filter(([key]) => key !== databaseVolume)
  const found = wanted.flatMap(([key, name]) => {
    const container = containers.find(({ mounts }) => mounts.has(name))
    return container ? [{ key, id: container.id, path: container.mounts.get(name) ?? '' }] : []
  })
  const left = wanted.map(([key]) => key).filter((key) => !found.some((each) => each.key === key))
  return { copies: found, left }
}

/** The key of the api that runs; empty where the key is a file of its volume. */
const keyOf = ({ containers }: Stack): string =>
  containers
    .find(({ service }) => service === 'api')
    ?.environment.find((each) => each.startsWith('SECRET_KEY='))
    ?.slice('SECRET_KEY='.length) ?? ''

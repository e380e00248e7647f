import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import {
  dumpName,
  fileOfVolume,
  hashOfKey,
  unpackBackup,
  volumesIn,
  type StackFacts,
} from './backup-file.ts'
import { undump, untilHealthy } from './database.ts'
import { docker, dockerCompose, runningIn, stackOf } from './engine.ts'
import { misfits, planIn } from './fits.ts'
import type { Place } from './place.ts'
import { noFile, notEmpty, notRunning, otherKey, otherVolumes } from './problems.ts'

/**
 * Brings back what `backUp` wrote, into a stack that has nothing yet; leaves it with its database running.
 *
 * The file is held against its hashes, and against the distribution, before anything is touched. Volumes that are there
 * are taken away where that was asked for, and refused otherwise.
 */
export async function restore(
  place: Place,
  file: string,
  secretKey: string,
  isReplacing: boolean,
  again: string,
): Promise<StackFacts> {
  if (!existsSync(file)) throw new Refused([noFile(file)])
  const work = `${resolve(file)}.restoring`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { mode: 0o700 })
  try {
    const facts = await unpackBackup(file, work)
    const problems = unfit(place, file, facts, secretKey)
    const before = await stackOf(place.project)
    if (before.volumes.size > 0 && !isReplacing)
      problems.push(notEmpty(place.project, [...before.volumes.values()], again))
    if (problems.length > 0) throw new Refused(problems)
    await dockerCompose(place.project, place.file, ['down', '--volumes', '--remove-orphans'])
    await fill(place, facts, work)
    return facts
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function unfit(place: Place, file: string, facts: StackFacts, secretKey: string): Problem[] {
  const placeless = volumesIn(facts).filter((key) => !place.volumes.includes(key))
  const isOtherKey = facts.secretKey !== null && facts.secretKey !== hashOfKey(secretKey)
  return [
    ...(placeless.length > 0 ? [otherVolumes(file, placeless, place.distribution)] : []),
    ...(isOtherKey ? [otherKey(file, secretKey !== '')] : []),
    ...misfits(planIn(place.folder), facts.ledger),
  ]
}

/** The rows into a database that was just made; the volumes through containers that were made and not started. */
async function fill(place: Place, facts: StackFacts, from: string): Promise<void> {
  // First, for it makes networks and volumes too: `create` of docker-compose 1.29 does not, and its
  // `up --no-start` waits for ever for what it does not start.
  await dockerCompose(place.project, place.file, ['up', '--detach', 'database'])
  await dockerCompose(place.project, place.file, ['create'])
  const stack = await stackOf(place.project)
  for (const key of volumesIn(facts)) {
    const name = stack.volumes.get(key) ?? ''
    const container = stack.containers.find(({ mounts }) => mounts.has(name))
    if (!container) throw new Error(`docker-compose made no container with the volume ${key}`)
    await docker(['cp', '-', `${container.id}:${container.mounts.get(name)}`], {
      from: join(from, fileOfVolume(key)),
    })
  }
  const database = runningIn(stack, 'database')
  if (!database) throw new Refused([notRunning(place.project, place.up)])
  await untilHealthy(database.id)
  await undump(database.id, facts.roles, join(from, dumpName))
}

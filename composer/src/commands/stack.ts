import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Distribution } from '@bitcartcc/sdk/resources'
import { backUp } from '../stack/backup.ts'
import { placeOf, type Place } from '../stack/place.ts'
import { otherDistribution } from '../stack/problems.ts'
import { restore } from '../stack/restore.ts'
import { formerFolder, rollBack } from '../stack/rollback.ts'
import { counted, shown } from '../views/shown.ts'
import type { RunCommand } from './command.ts'
import { distributionFolder } from './distribution-folder.ts'
import { dotEnv, dotEnvText } from './dot-env.ts'
import { refuse } from './env.ts'
import { projectName } from './environment.ts'
import { wholeDistribution } from './whole-distribution.ts'

/** `compose stack backup FILE [dist/NAME]`: saves the rows and volumes of a stack that runs. */
export const stackBackupCommand: RunCommand = async ({
  words: [file = '', named],
  flags,
  print,
}) => {
  const { place, core } = found(named, `stack backup ${file}`)
  const stopped = new AbortController()
  // Whatever was paused goes on before this process ends.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())
  const { sizeBytes, volumes, left, isKeyOutside } = await backUp(place, core, file, stopped.signal)
  const told = [
    `Saved the rows and ${counted(volumes.length, 'volume')} (${volumes.join(', ')}) of ${place.project} in ${file}, ${sizeBytes.toLocaleString('en')} bytes.`,
    isKeyOutside
      ? 'The SECRET_KEY of .env is not in it: without that key its secrets cannot be read. Keep both, apart from each other.'
      : 'It holds the secret key: keep it as you keep passwords. Nothing of .env is in it, or needed of it but your settings.',
    ...left.map((key) => `The volume ${key} is not in it: no container of this stack has it.`),
  ]
  if (flags.json) print(`${JSON.stringify({ file, sizeBytes, volumes, left, isKeyOutside })}\n`)
  else print(`${told.join('\n')}\n`)
  return 0
}

/** `compose stack restore FILE [dist/NAME]`: brings back what `backup` wrote; `--replace` takes away what is there. */
export const stackRestoreCommand: RunCommand = async ({
  words: [file = '', named],
  flags,
  print,
}) => {
  const { place } = found(named, `stack restore ${file}`)
  refuse(place.folder, dotEnvText() ?? '', process.env, true)
  const again = ['compose stack restore', file, ...(named ? [named] : []), '--replace'].join(' ')
  const secretKey = process.env['SECRET_KEY'] ?? dotEnv()['SECRET_KEY'] ?? ''
  const facts = await restore(place, file, secretKey, flags.replace === true, again)
  print(
    `Brought back the rows and volumes of ${facts.distribution}, core ${facts.core}. The database runs.\nNext: ${place.up}\n`,
  )
  return 0
}

/** `compose stack rollback [dist/NAME] [--to FOLDER]`: puts the distribution of before into its place, where the database allows it. */
export const stackRollbackCommand: RunCommand = async ({ words: [named], flags, print }) => {
  const { place } = found(named, 'stack rollback')
  const former = formerFolder(place.folder, flags.to === undefined ? undefined : resolve(flags.to))
  wholeDistribution(former)
  const { name } = factsIn(former)
  if (name !== place.distribution)
    throw new Refused([otherDistribution(shown(former), name, place.distribution)])
  await rollBack(place, former, flags.to === undefined)
  print(
    `${shown(place.folder)} is the distribution of before; the one of after is kept, for another rollback.\nNext: ${place.up} --build --remove-orphans\n`,
  )
  return 0
}

function found(
  named: string | undefined,
  command: string,
): { readonly place: Place; readonly core: string } {
  const isStack = named !== undefined && existsSync(join(named, 'docker-compose.yml'))
  const folder = isStack ? resolve(named) : distributionFolder(named, command)
  const { name, core } = factsIn(folder)
  return { place: placeOf(folder, name, projectName()), core }
}

const factsIn = (folder: string): Distribution =>
  JSON.parse(readFileSync(join(folder, 'distribution.json'), 'utf8')) as Distribution // written by `package`

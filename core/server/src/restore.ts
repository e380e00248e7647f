import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { holdDatabase } from './backup.ts'
import {
  contentOf,
  demandEmbedded,
  everythingIn,
  factsName,
  hashOfFile,
  isSaved,
  replaced,
  restoring,
  type BackupFacts,
} from './backup-file.ts'
import type { Environment } from './environment.ts'

export interface RestoreCommand {
  readonly environment: Environment
  readonly file: string
  /** Where the data folder holds a shop: put that aside. */
  readonly isReplacing: boolean
  readonly print: (text: string) => void
}

/**
 * Brings back what `backup` wrote; gives the exit status.
 *
 * All of it is unpacked beside what is there and held against its hashes first; what was there is put aside, and stays
 * until the next restore. Refuses a data folder that holds anything, unless it is to be replaced.
 */
export async function runRestore({
  environment,
  file,
  isReplacing,
  print,
}: RestoreCommand): Promise<number> {
  demandEmbedded(environment)
  const { dataDir } = environment
  if (!existsSync(file)) throw new Refused([noFile(file)])
  mkdirSync(join(dataDir, 'database'), { recursive: true, mode: 0o700 })
  const unlock = holdDatabase(dataDir)
  const from = join(dataDir, restoring)
  try {
    const there = contentOf(dataDir).files
    if (there.length > 0 && !isReplacing) throw new Refused([notEmpty(dataDir, file, there.length)])
    rmSync(from, { recursive: true, force: true })
    mkdirSync(from, { mode: 0o700 })
    const facts = await unpacked(file, from)
    await check(file, from, facts)
    swap(dataDir, from)
    print(
      `Brought back ${counted(Object.keys(facts.files).length)} of ${facts.distribution}, core ${facts.core}.${there.length > 0 ? ` What was there lies in ${join(dataDir, replaced)}.` : ''}\n`,
    )
    return 0
  } finally {
    rmSync(from, { recursive: true, force: true })
    unlock()
  }
}

/** Nothing but plain files, each inside of the folder. */
async function unpacked(file: string, into: string): Promise<BackupFacts> {
  const { unpackTar } = await import('modern-tar/fs')
  try {
    await pipeline(
      createReadStream(file),
      createGunzip(),
      unpackTar(into, {
        fmode: 0o600,
        dmode: 0o700,
        strict: true,
        filter: ({ type, name }) => {
          if (type !== 'file' || !isInside(name)) throw new Error(`${name} is no plain file`)
          return true
        },
      }),
    )
    const facts = JSON.parse(readFileSync(join(into, factsName), 'utf8')) as BackupFacts // checked below
    if (facts.format !== 1 || !Object.keys(facts.files).concat(facts.folders).every(isInside))
      throw new Error('its list is none of ours')
    return facts
  } catch (error) {
    throw new Refused([damaged(file, error instanceof Error ? error.message : String(error))])
  }
}

const isInside = (path: string) =>
  path !== '' && !path.split('/').some((part) => part === '' || part === '.' || part === '..')

/** Holds every file against the list, and makes the empty folders. */
async function check(file: string, from: string, facts: BackupFacts): Promise<void> {
  const wanted = Object.keys(facts.files).toSorted()
  const found = everythingIn(from).files.filter((path) => path !== factsName)
  const missing = wanted.find((path) => !found.includes(path))
  if (missing !== undefined) throw new Refused([damaged(file, `${missing} is missing`)])
  // Code that Node would run, for one.
  const alien = [...found, ...facts.folders].find((path) => !isSaved(path))
  if (alien !== undefined) throw new Refused([damaged(file, `no backup holds ${alien}`)])
  const added = found.find((path) => !(path in facts.files))
  if (added !== undefined) throw new Refused([damaged(file, `${added} is not on its list`)])
  for (const path of wanted)
    if ((await hashOfFile(join(from, path))) !== facts.files[path])
      throw new Refused([damaged(file, `${path} has other bytes than it was saved with`)])
  rmSync(join(from, factsName))
  for (const folder of facts.folders)
    mkdirSync(join(from, folder), { recursive: true, mode: 0o700 })
}

/** By renames inside of the folder, which may be a volume of its own; what was put aside before goes. */
function swap(dataDir: string, from: string): void {
  const aside = join(dataDir, replaced)
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { mode: 0o700 })
  for (const name of readdirSync(dataDir))
    if (isSaved(name)) renameSync(join(dataDir, name), join(aside, name))
  for (const name of readdirSync(from)) renameSync(join(from, name), join(dataDir, name))
  // The lock went aside with the folder it lies in.
  rmSync(join(aside, 'database/lock'), { force: true })
  if (contentOf(aside).files.length === 0) rmSync(aside, { recursive: true, force: true })
}

const counted = (count: number) => (count === 1 ? '1 file' : `${count} files`)

const noFile = (file: string): Problem => ({
  code: 'restore/no-file',
  says: `There is no file ${file}.`,
  fix: ['Name what   node server.js backup FILE   wrote.'],
})

const notEmpty = (dataDir: string, file: string, count: number): Problem => ({
  code: 'restore/not-empty',
  says: `The data folder holds a shop already: ${counted(count)}.`,
  facts: [[dataDir, 'DATA_DIR']],
  kept: 'Nothing was changed.',
  fix: [
    `To put it aside and take the backup:   node server.js restore ${file} --replace`,
    'Or bring the backup into another folder:   DATA_DIR=./data-2',
  ],
})

const damaged = (file: string, why: string): Problem => ({
  code: 'restore/damaged',
  says: `${file} is no backup, or not the whole of one.`,
  facts: [[file, why]],
  kept: 'Nothing was changed.',
  fix: ['Take another copy of it.'],
})

import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'

interface Holder {
  readonly pid: number
  /** Tells two processes with one pid apart: a container's program is always 1. */
  readonly start: string
  readonly host: string
}

const beatMs = 5_000
const silentMs = 30_000

/**
 * Takes a folder for this process by a file made with O_EXCL; gives the function that lets it go.
 *
 * A lock whose process is dead is taken over. Of another machine's process only the beat of its file can be seen.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock')
  const mine = JSON.stringify({
    pid: process.pid,
    start: startOf(process.pid),
    host: hostname(),
  } satisfies Holder)
  for (let attempt = 0; !wasMade(file, mine); attempt++) {
    const theirs = read(file)
    if (theirs === undefined) continue
    const holder = parse(theirs)
    if (attempt > 5 || isAlive(holder, file)) throw new Refused([folderInUse(folder, holder)])
    takeAway(file, theirs)
  }
  const beat = setInterval(() => touch(file), beatMs)
  beat.unref()
  return () => {
    clearInterval(beat)
    if (read(file) === mine) rmSync(file, { force: true })
  }
}

function wasMade(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false // fs throws errno errors
    throw error
  }
}

/** Two may find one dead lock; whoever moves a living one away by that puts it back. */
function takeAway(file: string, dead: string) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (read(aside) !== dead) linkSync(aside, file)
  } catch {
    // Another process was faster: the next turn sees what it left.
  }
  rmSync(aside, { force: true })
}

function isAlive(holder: Holder | undefined, file: string): boolean {
  if (!holder || holder.host !== hostname())
    return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < silentMs
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false // process.kill throws errno errors
  }
  const start = startOf(holder.pid)
  return start === '' || holder.start === '' || start === holder.start
}

/** When a process began, in ticks since the machine did; empty where the system does not tell. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder // written above
  } catch {
    return undefined
  }
}

function touch(file: string) {
  try {
    utimesSync(file, new Date(), new Date())
  } catch {
    // The folder went away; so did what the lock guards.
  }
}

const folderInUse = (folder: string, holder: Holder | undefined) => ({
  code: 'start/data-folder-in-use' as const,
  says: holder
    ? `The data folder is in use by process ${holder.pid}.`
    : 'The data folder is in use by another process.',
  facts: [
    [folder, holder ? `process ${holder.pid} on ${holder.host}` : 'its lock has no readable owner'],
  ],
  kept: 'Nothing in the folder was touched: two processes writing to one embedded database lose rows.',
  fix: [
    holder
      ? `Stop process ${holder.pid}, or start this one with another folder:   DATA_DIR=./data-2`
      : 'Start this one with another folder:   DATA_DIR=./data-2',
    'For several processes on one database, set DATABASE_URL to a PostgreSQL server.',
  ],
})

import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { isRunning, processStart } from './process-start.ts'

interface Holder {
  readonly pid: number
  /** As `processStart` gives it. */
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
    start: processStart(process.pid),
    host: hostname(),
  } satisfies Holder)
  const taken = take(file, mine)
  if (!taken.ok) throw new Refused([folderInUse(folder, taken.holder)])
  const beat = setInterval(() => touch(file), beatMs)
  beat.unref()
  return () => {
    clearInterval(beat)
    if (read(file) === mine) rmSync(file, { force: true })
  }
}

type Taken = { readonly ok: true } | { readonly ok: false; readonly holder: Holder | undefined }

/** Several may find one dead lock: whoever has the turn, a lock beside it, replaces it in one step. */
function take(file: string, mine: string): Taken {
  for (;;) {
    if (wasMade(file, mine)) return { ok: true }
    const theirs = read(file)
    if (theirs === undefined) continue
    const holder = parse(theirs)
    if (isAlive(holder, file)) return { ok: false, holder }
    const turn = `${file}.turn`
    if (!take(turn, mine).ok) {
      pause()
      continue
    }
    try {
      if (read(file) !== theirs) continue
      writeFileSync(`${file}.next`, mine, { mode: 0o600 })
      renameSync(`${file}.next`, file)
      return { ok: true }
    } finally {
      rmSync(turn, { force: true })
    }
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

const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)

function isAlive(holder: Holder | undefined, file: string): boolean {
  if (!holder || holder.host !== hostname())
    return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < silentMs
  return isRunning(holder.pid, holder.start)
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

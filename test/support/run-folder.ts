import { statfsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const inMemory = '/dev/shm'
/** Bytes that must be free there: a whole run leaves 0.7 GB at most, and the machine wants some, too. */
const room = 3 * 1024 ** 3

/** One folder for a whole run: what is dear to build is built in it once, by whoever needs it first. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(fastFolder(), 'compose-test-'))
  process.env['COMPOSE_TEST_FOLDER'] = folder
  // Databases are made and removed by the hundred: a disk is slow at making files where others were just removed.
  process.env['TMPDIR'] = folder
  // What one test file has compiled, the next one reads.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled')
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** Memory, where this system lends some as a folder; the folder for temporary files where it does not. */
function fastFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(inMemory)
    if (bavail * bsize >= room) return inMemory
  } catch {
    // It is not there.
  }
  return tmpdir()
}

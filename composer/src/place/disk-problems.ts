import { relative } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'

/** Runs something that reads and writes; refuses where the disk is full, or does not let this user do it. */
export async function withRoom<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const problem = diskProblem(error)
    throw problem ? new Refused([problem]) : error
  }
}

/** What a person can mend about the disk; undefined for any other error. */
export function diskProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || error instanceof Refused) return undefined
  const { code = '', path, message, syscall = '' } = error as NodeJS.ErrnoException // Node's file errors carry these
  // A child process tells by its last words.
  if (['ENOSPC', 'EDQUOT'].includes(code) || /\bENOSPC\b/.test(message))
    return noRoom(path, message)
  if (path === undefined || syscall.startsWith('spawn')) return undefined
  if (['EACCES', 'EPERM', 'EROFS'].includes(code))
    return noRight(shownPath(path), code === 'EROFS', message)
  return code === 'ENOTDIR' && ['mkdir', 'scandir'].includes(syscall)
    ? notAFolder(shownPath(path), message)
    : undefined
}

/** From the current folder, where it lies below; a file is written beside its place first. */
function shownPath(path: string): string {
  const below = relative(process.cwd(), path)
  return (below.startsWith('..') ? path : below || 'the current folder').replace(/\.part$/, '')
}

const noRoom = (path: string | undefined, message: string): Problem => ({
  code: 'package/no-room',
  says: 'There is no space left on the disk.',
  facts: [path === undefined ? ['system', lineOf(message)] : ['file', path]],
  kept: 'The distribution that was there is untouched.',
  fix: [
    'Make room there. COMPOSE_CACHE_DIR moves the cache, TMPDIR what is written for a moment, --out the distribution.',
  ],
})

const noRight = (path: string, isReadOnly: boolean, message: string): Problem => ({
  code: 'package/no-right',
  says: isReadOnly
    ? `${path} cannot be written: its disk is read-only.`
    : `This user has no right to ${path}.`,
  facts: [['system', message]],
  fix: [
    isReadOnly
      ? 'Work on another disk. COMPOSE_CACHE_DIR moves the cache, --out the distribution.'
      : 'Give this user the right to it. COMPOSE_CACHE_DIR moves the cache, --out the distribution.',
  ],
})

const notAFolder = (path: string, message: string): Problem => ({
  code: 'package/not-a-folder',
  says: `There can be no folder ${path}: a file stands in its place, or above it.`,
  facts: [['system', message]],
  fix: [
    'Take the file away, or work elsewhere: COMPOSE_CACHE_DIR moves the cache, --out the distribution.',
  ],
})

const lineOf = (text: string) =>
  text
    .split('\n')
    .find((line) => line.includes('ENOSPC'))
    ?.trim() ?? text

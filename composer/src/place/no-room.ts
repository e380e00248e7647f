import { Refused, type Problem } from '@bitcartcc/sdk/problem'

/** Runs something that writes; where the disk it writes on is full, it refuses with package/no-room. */
export async function withRoom<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const problem = noRoom(error)
    throw problem ? new Refused([problem]) : error
  }
}

function noRoom(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || error instanceof Refused) return undefined
  const { code, path, message } = error as NodeJS.ErrnoException // Node's file errors carry both
  // A child process tells by its last words.
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || /\bENOSPC\b/.test(message)
  if (!isFull) return undefined
  return {
    code: 'package/no-room',
    says: 'There is no space left on the disk.',
    facts: [path === undefined ? ['system', lineOf(message)] : ['file', path]],
    kept: 'The distribution that was there is untouched.',
    fix: [
      'Make room there. COMPOSE_CACHE_DIR moves the cache, TMPDIR what is written for a moment, --out the distribution.',
    ],
  }
}

const lineOf = (text: string) =>
  text
    .split('\n')
    .find((line) => line.includes('ENOSPC'))
    ?.trim() ?? text

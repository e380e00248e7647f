import { Refused } from '@bitcartcc/sdk/problem'
import { withRoom } from '../place/disk-problems.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'a file stands where its folder should be',
  EISDIR: 'a folder stands there',
  EROFS: 'its disk is read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
}

/** Writes what was asked for; where the place does not take it, that is a problem and no bug. `--out` may name another. */
export function writing<T>(out: string, write: () => T | Promise<T>, isFixed = false): Promise<T> {
  return withRoom(async () => {
    try {
      return await write()
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException // Node's file errors carry a code
      const reason = reasons[code]
      if (reason === undefined) throw error
      throw new Refused([
        {
          code: 'package/cannot-write',
          says: `${out} cannot be written: ${reason}.`,
          facts: [['system', message]],
          fix: [
            isFixed
              ? 'Give this user the right to write there.'
              : 'Make the folder, give this user the right to write there, or name another with --out.',
          ],
        },
      ])
    }
  })
}

import { statfsSync } from 'node:fs'
import { Refused } from '@bitcartcc/sdk/problem'

/** A new shop is 17 MB, and the log of its database grows to 64 MB. */
const roomOfNew = 80_000_000
/** Less than that, and PostgreSQL may find no room to recover what it was doing when it ended. */
const roomToGoOn = 16_000_000

/**
 * Refuses to open an embedded database on a disk with no room for it: within this process PostgreSQL ends without a word when it
 * cannot write, and whoever waits for it waits for ever.
 */
export function refuseFullDisk(folder: string, isNew: boolean): void {
  const { bavail, bsize, blocks } = statfsSync(folder)
  const left = bavail * bsize
  const needed = isNew ? roomOfNew : roomToGoOn
  // Not every file system says how large it is.
  if (blocks === 0 || left >= needed) return
  throw new Refused([
    {
      code: 'start/disk-full',
      says: 'The disk of the data folder is full.',
      facts: [[folder, `${inMegabytes(left)} left`, `${inMegabytes(needed)} wanted`]],
      kept: 'The database was not opened.',
      fix: [
        'Make room on it, or move the data folder to another disk and name it:   DATA_DIR=/srv/shop',
      ],
    },
  ])
}

const inMegabytes = (bytes: number) => `${Math.floor(bytes / 1e6)} MB`

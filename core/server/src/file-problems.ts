import type { Problem } from '@bitcartcc/sdk/problem'

/** What a person can mend of what the system refused about a file or a folder; undefined for any other error. */
export function fileProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '', path, syscall, message } = error as NodeJS.ErrnoException // Node's file errors carry these
  if (['ENOSPC', 'EDQUOT'].includes(code)) return diskFull(message)
  if (path === undefined) return undefined
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return noRight(path, message)
  return code === 'ENOTDIR' || (code === 'EEXIST' && syscall === 'mkdir')
    ? notAFolder(path, message)
    : undefined
}

/** Which disk it is, the system does not say: a backup goes to another one than the data folder may. */
const diskFull = (message: string): Problem => ({
  code: 'start/disk-full',
  says: 'A disk is full: something could not be written.',
  facts: [['system', message]],
  fix: ['Make room on it, and run this again.'],
})

/** It belongs to somebody else, or its disk is read-only. */
const noRight = (path: string, message: string): Problem => ({
  code: 'start/no-right',
  says: `This user may not use ${path}.`,
  facts: [['system', message]],
  fix: ['Give this user the right to it, or name another data folder:   DATA_DIR=./data-2'],
})

const notAFolder = (path: string, message: string): Problem => ({
  code: 'start/not-a-folder',
  says: `A file stands where a folder belongs, at or above ${path}.`,
  facts: [['system', message]],
  fix: ['Move the file away, or name another data folder:   DATA_DIR=./data-2'],
})

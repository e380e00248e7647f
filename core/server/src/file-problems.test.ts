import { expect, test } from 'vitest'
import { problemText } from '@bitcartcc/sdk/problem'
import { fileProblem } from './file-problems.ts'

test('what a person can mend about a file is no bug: whose it is, a full disk, a file in the place of a folder', () => {
  const told = (message: string, known: object) => {
    const problem = fileProblem(Object.assign(new Error(message), known))
    return problem && problemText(problem)
  }
  const path = '/shop/data'
  expect(
    [
      told("EACCES: permission denied, mkdir '/shop/data'", { code: 'EACCES', path }),
      told('ENOSPC: no space left on device, write', { code: 'ENOSPC' }),
      told("ENOTDIR: not a directory, mkdir '/shop/data'", { code: 'ENOTDIR', path }),
      told("EEXIST: file already exists, mkdir '/shop/data'", {
        code: 'EEXIST',
        syscall: 'mkdir',
        path,
      }),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "✗ This user may not use /shop/data.

        system   EACCES: permission denied, mkdir '/shop/data'

      Fix: Give this user the right to it, or name another data folder:   DATA_DIR=./data-2

      More: compose explain start/no-right

    ✗ A disk is full: something could not be written.

        system   ENOSPC: no space left on device, write

      Fix: Make room on it, and run this again.

      More: compose explain start/disk-full

    ✗ A file stands where a folder belongs, at or above /shop/data.

        system   ENOTDIR: not a directory, mkdir '/shop/data'

      Fix: Move the file away, or name another data folder:   DATA_DIR=./data-2

      More: compose explain start/not-a-folder

    ✗ A file stands where a folder belongs, at or above /shop/data.

        system   EEXIST: file already exists, mkdir '/shop/data'

      Fix: Move the file away, or name another data folder:   DATA_DIR=./data-2

      More: compose explain start/not-a-folder
    "
  `)
  expect([
    fileProblem(new Error('EACCES')),
    fileProblem('EACCES'),
    told('EEXIST', { code: 'EEXIST', syscall: 'open', path }),
  ]).toEqual([undefined, undefined, undefined])
})

import { expect, test } from 'vitest'
import { problemText } from '@bitcartcc/sdk/problem'
import { diskProblem } from './disk-problems.ts'

const failed = (code: string, syscall: string, path: string | undefined) =>
  Object.assign(new Error(`${code}: ${syscall} '${path}'`), {
    code,
    syscall,
    ...(path === undefined ? {} : { path }),
  })
const told = (...failure: Parameters<typeof failed>) => {
  const problem = diskProblem(failed(...failure))
  return problem && problemText(problem)
}

// Who runs the tests may be allowed everything: the errors are made up.
test('what the disk does not let this user do is for this user to mend', () => {
  expect(told('EACCES', 'open', '/shop/selection.yaml')).toMatchInlineSnapshot(`
    "✗ This user has no right to /shop/selection.yaml.

        system   EACCES: open '/shop/selection.yaml'

      Fix: Give this user the right to it. COMPOSE_CACHE_DIR moves the cache, --out the distribution.

      More: compose explain package/no-right
    "
  `)
  expect(told('ENOTDIR', 'mkdir', '/shop/selection.yaml/entries')).toMatchInlineSnapshot(`
    "✗ There can be no folder /shop/selection.yaml/entries: a file stands in its
      place, or above it.

        system   ENOTDIR: mkdir '/shop/selection.yaml/entries'

      Fix: Take the file away, or work elsewhere: COMPOSE_CACHE_DIR moves the cache, --out the distribution.

      More: compose explain package/not-a-folder
    "
  `)
  expect(told('EROFS', 'rename', '/shop/selection.lock')).toMatchInlineSnapshot(`
    "✗ /shop/selection.lock cannot be written: its disk is read-only.

        system   EROFS: rename '/shop/selection.lock'

      Fix: Work on another disk. COMPOSE_CACHE_DIR moves the cache, --out the distribution.

      More: compose explain package/no-right
    "
  `)
})

test('what is no matter of files is not', () => {
  expect([
    told('EACCES', 'listen', undefined),
    told('EACCES', 'spawn git', 'git'),
    told('ENOENT', 'open', '/shop/selection.yaml'),
    diskProblem('EACCES'),
  ]).toEqual([undefined, undefined, undefined, undefined])
})

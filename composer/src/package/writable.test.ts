import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { refuseUnwritable } from './writable.ts'

let folder = ''
beforeEach(() => void (folder = realpathSync(mkdtempSync(join(tmpdir(), 'compose-writable-')))))
afterEach(() => rmSync(folder, { recursive: true }))

function told(out: string): string {
  try {
    refuseUnwritable(out)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return error.problems.map(problemText).join('\n').replaceAll(folder, '…')
  }
  return 'it may be written'
}

test('a file where dist/ should be is told of before anything is made', () => {
  writeFileSync(join(folder, 'dist'), '')
  expect(told(join(folder, 'dist/shop'))).toMatchInlineSnapshot(`
    "✗ The distribution cannot be written: a file stands where its folder should be.

        folder   …/dist/shop
        system   ENOTDIR: not a directory, mkdtemp '…/dist/.compose-XXXXXX'

      The distribution that was there is untouched.

      Fix: Let this user write a folder there, or build to another place with --out DIR.

      More: compose explain package/cannot-write
    "
  `)
})

// Folders made there one within another, Node tries for ever.
test.skipIf(process.platform !== 'linux')('a place that takes no folders is told of', () => {
  expect(told('/proc/shops/shop')).toMatchInlineSnapshot(`
    "✗ The distribution cannot be written: that place takes no folders.

        folder   /proc/shops/shop
        system   ENOENT: no such file or directory, mkdtemp '/proc/.compose-XXXXXX'

      The distribution that was there is untouched.

      Fix: Let this user write a folder there, or build to another place with --out DIR.

      More: compose explain package/cannot-write
    "
  `)
})

test('folders that are not there yet may be made', () => {
  refuseUnwritable(join(folder, 'a/b/shop'))
  expect(readdirSync(folder)).toEqual([])
})

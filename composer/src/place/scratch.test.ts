import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeScratch } from './scratch.ts'

let memory = ''
beforeEach(() => (memory = realpathSync(mkdtempSync(join(tmpdir(), 'compose-memory-')))))
afterEach(() => rmSync(memory, { recursive: true, force: true }))

const made = (options: Parameters<typeof makeScratch>[1]) => {
  const folder = makeScratch('compose-try-', options)
  rmSync(folder, { recursive: true })
  return dirname(folder)
}

test('what is thrown away is kept in memory where there is room, else among temporary files', () => {
  expect(made({ memory, roomBytes: 1 })).toBe(memory)
  expect(made({ memory, roomBytes: Infinity })).toBe(realpathSync(tmpdir()))
  expect(made({ memory: join(memory, 'none') })).toBe(realpathSync(tmpdir()))
  // A run of tests says where temporary files are to be.
  expect(made({})).toBe(realpathSync(tmpdir()))
})

test('what a killed run left in memory is taken away a day later, and what a run of now has is not', () => {
  const [old, now, other] = ['compose-try-old', 'compose-try-now', 'somebody-else'].map((name) =>
    join(memory, name),
  ) as [string, string, string]
  for (const folder of [old, now, other]) mkdirSync(folder)
  const yesterday = Date.now() / 1000 - 86_401
  for (const folder of [old, other]) utimesSync(folder, yesterday, yesterday)
  made({ memory })
  expect([old, now, other].map((folder) => existsSync(folder))).toEqual([false, true, true])
})

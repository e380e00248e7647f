import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCache, readCache } from './cache.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compose-cache-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const files = (bytes: number) => new Map([['a/b.js', Buffer.alloc(bytes, 7)]])
const entries = () => readdir(join(folder, 'entries'))
/** Sets when an entry was last used, hours ago. */
const used = (key: string, hours: number) => {
  const time = new Date(Date.now() - hours * 3_600_000)
  return utimes(join(folder, 'entries', key), time, time)
}

test('what was put is got, by whoever opens the folder', () => {
  openCache(folder).put('key', files(3))
  expect(openCache(folder).get('key')).toEqual(files(3))
  expect(openCache(folder).get('other')).toBeUndefined()
})

test.each([
  ['changed', (bytes: Buffer) => bytes.fill(0, bytes.length - 1)],
  ['cut', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['empty', () => Buffer.alloc(0)],
])('an entry that was %s counts as none, and goes', async (_, harm) => {
  const cache = openCache(folder)
  cache.put('key', files(3))
  const path = join(folder, 'entries/key')
  await writeFile(path, harm(await readFile(path)))
  expect(readCache(folder).get('key')).toBeUndefined()
  expect(await entries()).toEqual(['key'])
  expect(cache.get('key')).toBeUndefined()
  expect(await entries()).toEqual([])
})

test('who reads a cache of somebody else leaves it as it was', async () => {
  openCache(folder).put('key', files(3))
  await used('key', 2)
  const path = join(folder, 'entries/key')
  const before = await stat(path)
  expect(readCache(folder).get('key')).toEqual(files(3))
  expect((await stat(path)).mtimeMs).toBe(before.mtimeMs)
})

test('over its bound it gives up what was not used for longest', async () => {
  const cache = openCache(folder, 3000)
  cache.put('first', files(1000))
  cache.put('second', files(1000))
  await used('first', 2)
  await used('second', 1)
  cache.get('first')
  cache.put('third', files(1000))
  expect((await entries()).toSorted()).toEqual(['first', 'third'])
})

test('what a killed build had half written is no entry, and goes after an hour', async () => {
  const cache = openCache(folder)
  cache.put('key', files(3))
  for (const part of ['new.0123.part', 'old.4567.part'])
    await writeFile(join(folder, 'entries', part), 'half')
  await used('old.4567.part', 2)
  cache.put('key', files(3))
  expect((await entries()).toSorted()).toEqual(['key', 'new.0123.part'])
})

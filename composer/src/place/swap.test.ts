import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { processStart } from '@bitcartcc/domain/process-start'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formerOf, makeBeside, mend, putInPlace, takeAway } from './swap.ts'

let dist: string
beforeEach(async () => {
  dist = await mkdtemp(join(tmpdir(), 'compose-swap-'))
})
afterEach(() => rm(dist, { recursive: true, force: true }))

test('a dead build is told from a living one, also when its pid is borne by another process', async () => {
  const { folder: living } = makeBeside(join(dist, 'shop'))
  const start = Number(processStart(process.pid))
  const dead = `.shop.new-${process.pid}-${start - 1}-0123abcd`
  await mkdir(join(dist, dead))
  mend(join(dist, 'shop'))
  expect(await readdir(dist)).toEqual([basename(living)])
})

test('an old distribution that stepped aside comes back where its place is empty', async () => {
  const aside = join(dist, '.shop.old-4194305--0123abcd')
  await mkdir(aside)
  await writeFile(join(aside, 'server.js'), '')
  mend(join(dist, 'shop'))
  expect(await readdir(dist, { recursive: true })).toEqual(['shop', 'shop/server.js'])
})

test('what another one takes the place of is kept as the former one, and what is the same is not', async () => {
  const made = async (sums: string) => {
    const { folder } = makeBeside(join(dist, 'shop'))
    await writeFile(join(folder, 'SHA256SUMS'), sums)
    putInPlace(folder, join(dist, 'shop'), true)
  }
  for (const sums of ['first', 'second', 'third', 'third']) await made(sums)
  expect(await readFile(join(formerOf(join(dist, 'shop')), 'SHA256SUMS'), 'utf8')).toBe('second')
  expect((await readdir(dist)).toSorted()).toEqual(['.shop.former', 'shop'])
})

test('a folder that is taken away leaves nothing that was made for it, and all that was there', async () => {
  const deep = makeBeside(join(dist, 'for/all/shop'))
  await writeFile(join(deep.folder, 'server.js'), '')
  takeAway(deep)
  expect(await readdir(dist, { recursive: true })).toEqual([])
  const first = makeBeside(join(dist, 'made/shop'))
  const second = makeBeside(join(dist, 'made/mall'))
  takeAway(first)
  expect(await readdir(dist)).toEqual(['made'])
  takeAway(second)
  expect(await readdir(dist)).toEqual(['made'])
})

import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { remember, see, unchanged } from './fast-path.ts'

let cwd: string
let selection: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'compose-fast-path-'))
  selection = join(cwd, 'selection.yaml')
  await writeFile(selection, 'distribution: shop\n')
  await mkdir(join(cwd, 'dist/shop'), { recursive: true })
  await writeFile(join(cwd, 'dist/shop/server.js'), 'serve')
  const sum = createHash('sha256').update('serve').digest('hex')
  await writeFile(join(cwd, 'dist/shop/SHA256SUMS'), `${sum}  server.js\n`)
  remember(selection, { cwd }, join(cwd, 'dist/shop'), { seen: see(selection), sources: [] })
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

/** No process has a number above 4194304. */
const dead = (kind: 'new' | 'old') => join(cwd, `dist/.shop.${kind}-4194305--0123abcd`)

test('a distribution is known again, until one of its bytes is another', async () => {
  expect(unchanged(selection, { cwd }, see(selection))).toEqual({
    folder: join(cwd, 'dist/shop'),
    name: 'shop',
  })
  await writeFile(join(cwd, 'dist/shop/server.js'), 'sErve')
  expect(unchanged(selection, { cwd }, see(selection))).toBeUndefined()
})

test('what a killed build left is taken away, also where nothing changed', async () => {
  await mkdir(dead('new'))
  unchanged(selection, { cwd }, see(selection))
  expect(await readdir(join(cwd, 'dist'))).toEqual(['shop'])
})

test('a distribution that stepped aside for a killed build is put back and known', async () => {
  await rename(join(cwd, 'dist/shop'), dead('old'))
  expect(unchanged(selection, { cwd }, see(selection))).toEqual({
    folder: join(cwd, 'dist/shop'),
    name: 'shop',
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageFolder, roomFolder, versionIn } from '../house.ts'
import { openCache, type Cache } from './cache.ts'
import { coreSource } from './core-hash.ts'
import { release, released } from './released.ts'

let folder: string
let cache: Cache
const files = new Map([['chunks/core-1.js', Buffer.from('export const a = 1')]])
const fastify = packageFolder(roomFolder('api'), 'fastify') ?? ''
const pino = packageFolder(fastify, 'pino') ?? ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compose-released-'))
  cache = openCache(folder)
  const inputs = [
    join(roomFolder('api'), 'src/index.ts'),
    join(pino, 'pino.js?commonjs-proxy'),
    '\0rolldown/runtime.js',
  ]
  release('server', files, inputs, cache)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('what is released tells its source, and the npm packages in it by the way that leads to them', () => {
  expect(JSON.parse(String(cache.get('server')?.get('made-of.json')))).toEqual({
    source: coreSource(),
    packages: [
      { from: 'api', name: 'fastify', version: versionIn(fastify) },
      { from: 0, name: 'pino', version: versionIn(pino) },
    ],
  })
})

test('it serves where that very source and those packages are installed', () => {
  expect(released('server', cache)).toEqual(files)
  expect(released('admin', cache)).toBeUndefined()
})

const installed = { from: 'api', name: 'fastify', version: versionIn(fastify) }
test.each([
  ['a package of another version', { packages: [installed, { ...installed, version: '1.0.0' }] }],
  ['a package that is not there', { packages: [installed, { ...installed, name: 'none-such' }] }],
  ['another core', { source: 'sha256-other', packages: [installed] }],
])('it does not serve with %s', (_, other) => {
  const madeOf = Buffer.from(JSON.stringify({ source: coreSource(), ...other }))
  cache.put('other', new Map([...files, ['made-of.json', madeOf]]))
  expect(released('other', cache)).toBeUndefined()
})

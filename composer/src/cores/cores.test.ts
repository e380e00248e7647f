import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { coreVersion } from '../house.ts'
import { selectionOf } from '../resolve/test-support.ts'
import { bringCore } from './bring.ts'
import { coresFor, coresOffered } from './index.ts'

// A registry with the SDK of four cores; what it was asked for is noted.
const requests: string[] = []
const versions = Object.fromEntries(
  ['1.0.0', '1.2.0', '1.10.0', '2.0.0'].map((version) => [
    version,
    { dist: { tarball: '/sdk.tgz', integrity: `sha512-${'A'.repeat(86)}==` } },
  ]),
)
const time = { '1.0.0': '2026-01-01T00:00:00Z', '1.2.0': '2026-02-01T00:00:00Z' }
let isUp = true
const server = createServer((request, response) => {
  requests.push(decodeURIComponent(request.url ?? ''))
  if (!isUp) response.writeHead(403).end()
  else if (request.url === '/@bitcartcc%2fsdk') response.end(JSON.stringify({ versions, time }))
  else response.writeHead(404).end('{}')
})
let world = ''
let registry = ''
const before = process.env['npm_config_registry']
beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'compose-cores-'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has one
  process.env['npm_config_registry'] = registry
})
afterAll(() => {
  if (before === undefined) delete process.env['npm_config_registry']
  else process.env['npm_config_registry'] = before
  server.close()
  rmSync(world, { recursive: true, force: true })
})
let cacheDir = ''
beforeEach(() => {
  cacheDir = mkdtempSync(join(world, 'cache-'))
  requests.length = 0
  isUp = true
})

const here = { version: '1.0.0', range: '^1.0.0', isWorkspace: false }
const asked = () => ({ cacheDir, isOffline: false, isFrozen: false, isUpdated: false })
const locked = (version: string) => ({ version, tree: 'h1:' })
const selection = selectionOf({}, { core: '^1.0.0' })

test('the registry is asked for cores when nothing is locked, or when core is to be newer; never by the workspace', async () => {
  const all = { all: ['1.0.0', '1.2.0', '1.10.0'], hasMore: false }
  const asks = async (choice: Promise<unknown>) => {
    const from = requests.length
    return [await choice, requests.slice(from)]
  }
  const registryAsked = ['/@bitcartcc/sdk']
  expect({
    'nothing is locked': await asks(coresFor(selection, undefined, asked(), here)),
    'core is to be newer': await asks(
      coresFor(selection, locked('1.2.0'), { ...asked(), isUpdated: true }, here),
    ),
    'what is locked no longer fits': await asks(
      coresFor(selectionOf({}, { core: '^1.1.0' }), locked('1.0.0'), asked(), here),
    ),
    'what is locked fits': await asks(coresFor(selection, locked('1.2.0'), asked(), here)),
    frozen: await asks(coresFor(selection, locked('1.2.0'), { ...asked(), isFrozen: true }, here)),
    'the selection names the installed one': await asks(
      coresFor(selectionOf({}, { core: '1.0.0' }), undefined, asked(), here),
    ),
    'the workspace': await asks(coresFor(selection, undefined, asked())),
  }).toEqual({
    'nothing is locked': [all, registryAsked],
    'core is to be newer': [all, registryAsked],
    'what is locked no longer fits': [all, registryAsked],
    'what is locked fits': [{ all: ['1.2.0'], hasMore: true }, []],
    frozen: [{ all: ['1.2.0'], hasMore: false }, []],
    'the selection names the installed one': [{ all: ['1.0.0'], hasMore: false }, []],
    'the workspace': [{ all: [coreVersion()], hasMore: false }, []],
  })
})

test('what a registry published too late is not there, and offline what was seen last is', async () => {
  const offline = { cacheDir, isOffline: true }
  const unseen = await coresOffered(selection, offline, here)
  const soon = { ...selection, notAfter: '2026-02-01' }
  const early = await coresOffered(soon, { cacheDir, isOffline: false }, here)
  isUp = false
  expect([unseen, early, await coresOffered(selection, offline, here)]).toEqual([
    ['1.0.0'],
    ['1.0.0', '1.2.0'],
    ['1.0.0', '1.2.0', '1.10.0'],
  ])
})

test('a registry that cannot be reached, and a core that cannot be had, are told', async () => {
  const missing = await bringCore('1.10.0', undefined, { cacheDir, isOffline: false })
  isUp = false
  const unreachable = await coresFor(selection, undefined, asked(), here).then(
    () => 'reached',
    (error: unknown) =>
      error instanceof Refused ? error.problems.map(problemText).join('') : String(error),
  )
  const told = [unreachable, 'code' in missing ? problemText(missing) : 'brought']
  expect(told.join('\n').replaceAll(registry, 'http://registry')).toMatchInlineSnapshot(`
    "✗ http://registry/@bitcartcc%2fsdk cannot be fetched.

        The server answers 403.

      Nothing was built.

      Fix: Look whether the address of the registry is right and the server is up, and try again.
           What was fetched before is enough for   compose build --offline

      More: compose explain sources/registry-unreachable

    ✗ Core 1.10.0 cannot be brought from the registry.

        pnpm says: ERR_PNPM_FETCH_404 GET
          http://registry/@bitcartcc%2Fcomposer: Not Found - 404

      Nothing was built.

      Fix: Look whether npm reaches its registry on this machine, and try again.
           What was fetched before is enough for   compose build --offline
           Or let the newest core be chosen that can be had:   compose update core

      More: compose explain lock/core-not-brought
    "
  `)
})

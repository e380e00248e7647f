import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { problemText, Refused, type Problem } from '@bitcartcc/sdk/problem'
import { integrityOf } from '../archive/archive-bytes.ts'
import { catalogCommand } from '../commands/catalog.ts'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from './index.ts'

let world = ''
let url = ''
let failing = 0
let asked: string[] = []
let server = createServer()
beforeEach(async () => {
  world = mkdtempSync(join(tmpdir(), 'compose-catalogue-'))
  failing = 0
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const path = join(world, 'public', request.url ?? '')
    if (failing-- > 0) response.writeHead(503).end('busy')
    else if (existsSync(path)) response.end(readFileSync(path))
    else response.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has one
  plugin('loyalty', '2.1.0', 'plugins: { ledger: ^1.0.0 }')
  plugin('loyalty', '2.2.0', 'plugins: { ledger: ^1.0.0 }')
  plugin('ledger', '1.0.0', 'optional: { letters: ^1.0.0 }')
  plugin('unrelated', '1.0.0', 'node: ">=20"')
  await offer()
  writeFileSync(
    join(world, 'selection.yaml'),
    `distribution: x\ncore: ^1.0.0\nsources: [{ catalogue: ${url} }]\nplugins: { loyalty: ^2.0.0 }\n`,
  )
})
afterEach(() => {
  server.close()
  rmSync(world, { recursive: true, force: true })
})

function plugin(name: string, version: string, requires: string): void {
  const folder = join(world, 'shelf', `${name}-${version}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'plugin.yaml'),
    `name: ${name}\nversion: ${version}\ntitle: T\ndescription: D\nauthor: A\nlicense: MIT\nrequires: { bitcartcc: ^1.0.0, ${requires} }\ncontributes: {}\n`,
  )
}

const offer = () =>
  catalogCommand({
    words: [join(world, 'shelf')],
    flags: { out: join(world, 'public'), frozen: false, json: false, quiet: true },
    print: () => {},
    tell: () => {},
  })

/** The releases that came from the catalogue, or the words of the refusal. */
async function read(isOffline = false): Promise<readonly string[]> {
  const selection = await readSelection(join(world, 'selection.yaml'))
  try {
    const { releases } = await readCatalog(selection, { cacheDir: join(world, 'cache'), isOffline })
    return releases
      .filter((release) => release.url !== undefined)
      .map(({ name, version }) => `${name} ${version}`)
  } catch (error) {
    if (error instanceof Refused)
      return error.problems.map(
        (problem) =>
          problemText(
            JSON.parse(JSON.stringify(problem).replaceAll(url, 'http://host')) as Problem,
          ), // a problem is data
      )
    throw error
  }
}
const reachable = ['loyalty 2.1.0', 'loyalty 2.2.0', 'ledger 1.0.0']

test('what can be reached is read, and no archive is fetched for it', async () => {
  expect(await read()).toEqual(reachable)
  expect(asked).toEqual(['/index.json', '/loyalty/releases.json', '/ledger/releases.json'])
})

test('what was fetched once is known by its hash, and offline nothing is asked', async () => {
  await read()
  asked = []
  expect([await read(), asked]).toEqual([reachable, ['/index.json']])
  asked = []
  expect([await read(true), asked]).toEqual([reachable, []])
})

test('a server that is busy is asked again', async () => {
  failing = 2
  expect(await read()).toEqual(reachable)
})

test('each way a catalogue can fail has its words', async () => {
  const told = [...(await read(true))]
  failing = 3
  told.push(...(await read()))
  writeFileSync(join(world, 'public/ledger/releases.json'), '{}')
  told.push(...(await read()))
  writeFileSync(join(world, 'public/index.json'), '{ "format": 1, "plugins": { "../x": "" } }')
  told.push(...(await read()))
  rmSync(join(world, 'public/index.json'))
  told.push(...(await read()))
  expect(told.join('\n')).toMatchInlineSnapshot(`
    "✗ http://host/index.json was not fetched before, and --offline fetches nothing.

      Nothing was built.

      Fix: Build once without --offline, with the same cache.

      More: compose explain sources/not-here

    ✗ http://host/index.json cannot be fetched.

        The server answers 503.

      Nothing was built.

      Fix: Look whether the address is right and the server is up, and try again.
           What was fetched before is enough for   compose build --offline

      More: compose explain sources/catalogue-unreachable

    ✗ http://host/ledger/releases.json is not the file that its index names.

        its index   sha512-E13/U5tsFMrBmcXoddZkywty4ceYrCT1VK/1NZELZJE++uKqfFI+idZrab/weRNDy/xVepQvXWz3tbURzsDXQw==
        its bytes   sha512-J8dGcK23UHX60FjVzq97IMTneGyDuuijL2Jvl4KvNMmjPCBG72D9Knh403jin+yFGAa72aZ4ePOp8c2kgwdj/Q==

      Nothing was unpacked, and nothing was built.

      Fix: Try again: it may have been cut on its way, or be in the middle of being replaced.
           If it stays so, tell the one who runs the server: somebody changed the file.

      More: compose explain sources/other-bytes

    ✗ http://host/index.json is not what a catalogue holds there.

        It is no index of plugins.

      Nothing was built.

      Fix: Look whether the address is the folder that holds index.json.
           If the catalogue is yours, write it again:   compose catalog FOLDER --out DIR

      More: compose explain sources/not-a-catalogue

    ✗ http://host/index.json cannot be fetched.

        The server answers 404.

      Nothing was built.

      Fix: Look whether the address is right and the server is up, and try again.
           What was fetched before is enough for   compose build --offline

      More: compose explain sources/catalogue-unreachable
    "
  `)
})

test('a manifest of another plugin is none of this one', async () => {
  const list = join(world, 'public/ledger/releases.json')
  const lie = readFileSync(list, 'utf8').replace('name: ledger', 'name: loyalty')
  writeFileSync(list, lie)
  writeFileSync(
    join(world, 'public/index.json'),
    JSON.stringify({
      format: 1,
      plugins: {
        loyalty: integrityOf(readFileSync(join(world, 'public/loyalty/releases.json'))),
        ledger: integrityOf(Buffer.from(lie)),
      },
    }),
  )
  const selection = await readSelection(join(world, 'selection.yaml'))
  const { broken } = await readCatalog(selection, { cacheDir: join(world, 'cache') })
  expect(broken?.get('ledger')?.map(({ because }) => because)).toEqual([
    ['ledger 1.0.0 has the manifest of loyalty 1.0.0.'],
  ])
})

test('the same plugins give the same catalogue', async () => {
  const files = ['index.json', 'loyalty/releases.json', 'loyalty/loyalty-2.1.0.bitcartcc']
  const bytes = () => files.map((file) => readFileSync(join(world, 'public', file)))
  const before = bytes()
  rmSync(join(world, 'public'), { recursive: true })
  await offer()
  expect(bytes()).toEqual(before)
})

test('one release twice makes no catalogue', async () => {
  plugin('loyalty', '2.1.0', 'node: ">=20"')
  mkdirSync(join(world, 'shelf/again'))
  writeFileSync(
    join(world, 'shelf/again/plugin.yaml'),
    readFileSync(join(world, 'shelf/loyalty-2.1.0/plugin.yaml')),
  )
  const told = await offer().catch((error: unknown) =>
    error instanceof Refused
      ? error.problems
          .map(problemText)
          .join('\n')
          .replaceAll(/\S*\/shelf\//g, 'shelf/')
      : error,
  )
  expect(told).toMatchInlineSnapshot(`
    "✗ loyalty 2.1.0 is there twice.

        shelf/again           loyalty 2.1.0
        shelf/loyalty-2.1.0   loyalty 2.1.0

      No catalogue was written.

      Fix: Take one of them away, or give one another version.

      More: compose explain sources/two-archives
    "
  `)
})

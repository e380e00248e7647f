import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { titleOnOneLine } from '../../../test/support/one-line.ts'
import { lockedCommits, pin, writeLock } from '../lock/index.ts'
import { resolve } from '../resolve/index.ts'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from './index.ts'

let world = ''
beforeEach(() => void (world = mkdtempSync(join(tmpdir(), 'compose-afar-'))))
afterEach(() => rmSync(world, { recursive: true, force: true }))

/** The version that is locked, or the words of the refusal. */
async function lock(lines: string, isOffline = false): Promise<string> {
  const file = join(world, 'selection.yaml')
  writeFileSync(file, `distribution: x\ncore: ^1.0.0\n${lines}\n`)
  try {
    const cacheDir = join(world, 'cache')
    const selection = await readSelection(file)
    const commits = lockedCommits(selection)
    const catalog = await readCatalog(selection, { cacheDir, isOffline, commits })
    const options = { isFrozen: false, isOffline, cacheDir, out: join(world, 'dist') }
    const locked = await pin(selection, resolve(selection, catalog), options)
    writeLock(join(world, 'selection.lock'), locked.lockText)
    return locked.plugins.map(({ release }) => release.version).join()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const text = error.problems.map(problemText).join('\n')
    return (
      titleOnOneLine(text)
        .replaceAll(/\S*selection\.yaml/g, 'selection.yaml')
        .replaceAll(world, '/world')
        .replaceAll(base, 'http://registry')
        // How wide the columns are hangs on the folder's name, as seen from here.
        .replaceAll(/(package\.json|selection\.yaml:\d+) {3,}/g, '$1   ')
    )
  }
}

const manifest = (version: string) =>
  `name: loyalty\nversion: ${version}\ntitle: Loyalty\ndescription: Points.\nauthor: A shop\nlicense: MIT\nrequires: { bitcartcc: ^1.0.0 }\ncontributes: {}\n`
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: join(world, 'work'),
    stdio: 'pipe',
  }).toString()
function commit(version: string): void {
  mkdirSync(join(world, 'work'), { recursive: true })
  writeFileSync(join(world, 'work/plugin.yaml'), manifest(version))
  if (!existsSync(join(world, 'work/.git'))) git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message', version)
}
const fromGit = (revision: string) =>
  `plugins: { loyalty: { git: "file://${world}/work", revision: ${revision} } }`

test('a branch is followed when the lock is gone, and never before', async () => {
  commit('1.0.0')
  const first = await lock(fromGit('main'))
  commit('2.0.0')
  const locked = await lock(fromGit('main'))
  rmSync(join(world, 'work'), { recursive: true })
  const offline = await lock(fromGit('main'), true)
  rmSync(join(world, 'selection.lock'))
  expect([first, locked, offline]).toEqual(['1.0.0', '1.0.0', '1.0.0'])
  expect(await lock(fromGit('main'), true)).toMatch(
    /^✗ loyalty at main of \S+ was not fetched before/,
  )
})

test('a tag and a commit name the same files; a commit that is no tip is found', async () => {
  commit('1.0.0')
  git('tag', 'v1')
  const id = git('rev-parse', 'HEAD').trim()
  commit('2.0.0')
  expect([await lock(fromGit('v1')), await lock(fromGit(id)), await lock(fromGit('main'))]).toEqual(
    ['1.0.0', '1.0.0', '2.0.0'],
  )
})

test('a link in a commit is refused, and nothing runs that a repository brings', async () => {
  commit('1.0.0')
  symlinkSync('/etc/passwd', join(world, 'work/settings'))
  writeFileSync(join(world, 'work/.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${world}/ran\n`, {
    mode: 0o755,
  })
  commit('1.0.1')
  const told = await lock(fromGit('main'))
  expect(told.replaceAll(/[0-9a-f]{40}/g, 'COMMIT')).toMatchInlineSnapshot(`
    "✗ git:file:///world/work#COMMIT holds a link.

        file   "settings"
        rule   E_ZIP_TYPE link

      Nothing was built.

      Fix: Take "settings" out of git:file:///world/work#COMMIT, or give it another name.

      More: compose explain lock/unsafe-folder
    "
  `)
  expect(existsSync(join(world, 'ran'))).toBe(false)
})

test('a commit without a manifest is told of', async () => {
  commit('1.0.0')
  expect(
    await lock(
      `plugins: { loyalty: { git: "file://${world}/work", revision: main, folder: nowhere } }`,
    ),
  ).toMatchInlineSnapshot(`
    "✗ loyalty at main of file:///world/work cannot be read.

        The commit has no folder nowhere.

        selection.yaml:3   plugins: { loyalty: { git: "file:///world/work", revision: main, folder: nowhere } }

      Nothing was built.

      Fix: Look whether the address and the revision are right, and whether   git fetch   reaches it.
           What was fetched before is enough for   compose build --offline

      More: compose explain sources/git-failed
    "
  `)
})

// What a registry says, by path; and what it was asked for.
const answers = new Map<string, string | Buffer>()
const requests: string[] = []
const server = createServer((request, response) => {
  requests.push(decodeURIComponent(request.url ?? ''))
  const answer = answers.get(decodeURIComponent(request.url ?? ''))
  if (answer === undefined) response.writeHead(404).end()
  else response.end(answer)
})
let base = ''
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has one
})
afterAll(() => server.close())

/** Publishes versions of an npm package: what its package.json says of the plugin, and the files it really holds. */
async function publish(
  name: string,
  versions: Readonly<Record<string, { readonly says?: unknown; readonly holds: string }>>,
): Promise<void> {
  const listed = await Promise.all(
    Object.entries(versions).map(async ([version, { says, holds }]) => {
      const [path, body] = holds === '' ? ['index.js', 'x'] : ['plugin.yaml', holds]
      const size = Buffer.byteLength(body)
      const tarball = gzipSync(await packTar([{ header: { name: `package/${path}`, size }, body }]))
      const url = `/${name}-${version}.tgz`
      answers.set(url, tarball)
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
      return [version, { bitcartcc: says, dist: { tarball: `${base}${url}`, integrity } }] as const
    }),
  )
  answers.set(`/${name}`, JSON.stringify({ versions: Object.fromEntries(listed) }))
}
const needs = (requires: object) => ({ name: 'loyalty', requires })

test('of a registry’s many versions the one that is chosen is fetched, and no other', async () => {
  const [ours, theirs] = [{ bitcartcc: '^1.0.0' }, { bitcartcc: '^9.0.0' }]
  await publish('bitcartcc-plugin-loyalty', {
    '1.0.0': { says: needs(ours), holds: manifest('1.0.0') },
    '1.1.0': { says: needs(ours), holds: manifest('1.1.0') },
    '1.2.0': { says: needs(theirs), holds: manifest('1.2.0').replace('^1.0.0', '^9.0.0') },
    // What an older compose made says nothing, and is not looked into.
    '1.3.0': { holds: manifest('1.3.0') },
    '2.0.0': { says: needs(ours), holds: manifest('2.0.0') },
  })
  requests.length = 0
  const asks = `sources: [{ npm: ${base} }]\nplugins: { loyalty: ^1.0.0 }`
  expect([await lock(asks), await lock(asks), requests]).toEqual([
    '1.1.0',
    '1.1.0',
    [
      '/bitcartcc-plugin-loyalty',
      '/bitcartcc-plugin-loyalty-1.1.0.tgz',
      '/bitcartcc-plugin-loyalty',
    ],
  ])
})

test('a refusal over a registry’s versions cites what it lists, and fetches none of them', async () => {
  await publish('bitcartcc-plugin-loyalty', {
    '1.0.0': { says: needs({ bitcartcc: '^9.0.0' }), holds: '' },
  })
  requests.length = 0
  expect(await lock(`sources: [{ npm: ${base} }]\nplugins: { loyalty: ^1.0.0 }`))
    .toMatchInlineSnapshot(`
      "✗ loyalty 1.0.0 needs core ^9.0.0, and this distribution is built on core 1.0.0.

          selection.yaml:2   core: ^1.0.0
          selection.yaml:4   plugins: { loyalty: ^1.0.0 }
          loyalty 1.0.0 package.json   "bitcartcc": "^9.0.0"

        Only the manifest of loyalty was read. None of its code was fetched or run.

        Fix: Take loyalty out, in selection.yaml:4: no version here runs on core 1.0.0.
             Or build with a composer that brings core ^9.0.0.

        More: compose explain resolve/core-too-old
      "
    `)
  expect(requests).toEqual(['/bitcartcc-plugin-loyalty'])
})

test('a package that holds something else than its registry lists is refused, unpacked', async () => {
  const ours = needs({ bitcartcc: '^1.0.0' })
  const told = []
  for (const holds of [
    `${manifest('1.1.0').replace('^1.0.0', '^1.2.0')}provides: [points]\n`,
    manifest('1.0.0').replace('title', 'tile'),
    '',
  ]) {
    await publish('bitcartcc-plugin-loyalty', { '1.0.0': { says: ours, holds } })
    told.push(await lock(`sources: [{ npm: ${base} }]\nplugins: { loyalty: ^1.0.0 }`))
  }
  expect(told).toMatchInlineSnapshot(`
    [
      "✗ npm:bitcartcc-plugin-loyalty@1.0.0 holds another manifest than its package.json says.

        It was chosen by what its package.json says, so the choice may not fit it.

        package.json   requires   {"bitcartcc":"^1.0.0"}
        plugin.yaml    requires   {"bitcartcc":"^1.2.0"}
        package.json   provides   is not there
        plugin.yaml    provides   ["points"]
        package.json   version    "1.0.0"
        plugin.yaml    version    "1.1.0"

      Nothing of it was unpacked or run, and nothing was built.

      Fix: Its author writes package.json anew with   compose plugin types   and publishes a new version.
           Until then, in the selection ask for another version.

      More: compose explain lock/not-as-listed
    ",
      "✗ npm:bitcartcc-plugin-loyalty@1.0.0/plugin.yaml lacks the key title.

        npm:bitcartcc-plugin-loyalty@1.0.0/plugin.yaml   no title

      Fix: Add   title: …

      More: compose explain sources/missing-key

    ✗ npm:bitcartcc-plugin-loyalty@1.0.0/plugin.yaml has no key tile.

        npm:bitcartcc-plugin-loyalty@1.0.0/plugin.yaml:3   tile: Loyalty

      Fix: In npm:bitcartcc-plugin-loyalty@1.0.0/plugin.yaml:3 write   title

      More: compose explain sources/unknown-key
    ",
      "✗ npm:bitcartcc-plugin-loyalty@1.0.0 says in its package.json that it is a plugin, and holds no plugin.yaml.

      Nothing of it was unpacked or run, and nothing was built.

      Fix: Its author looks whether   files   in package.json lets plugin.yaml out, and publishes a new version.
           Until then, in the selection ask for another version.

      More: compose explain lock/no-manifest-inside
    ",
    ]
  `)
  expect(existsSync(join(world, 'cache/archives'))).toBe(false)
})

test('each way a registry can fail has its words', async () => {
  const asks = `sources: [{ npm: ${base} }]\nplugins: { loyalty: { npm: '@shop/loyalty', version: ^1.0.0 } }`
  const unknown = await lock(asks)
  answers.set('/@shop/loyalty', '<html>')
  const odd = await lock(asks)
  const bytes = Buffer.from('no tarball')
  const sum =
    'HoJn2I3l8WDKBVkVpjpWMeBWdX+2PWoYzlH0SyKBRsi5Tme4eJY4Wq2XVvLTzvaGTLQRxgmKnCtJW7rkRzM6cg=='
  answers.set(
    '/@shop/loyalty',
    JSON.stringify({
      versions: {
        '1.0.0': {
          bitcartcc: needs({ bitcartcc: '^1.0.0' }),
          dist: { tarball: `${base}/l.tgz`, integrity: `sha512-${sum}` },
        },
      },
    }),
  )
  answers.set('/l.tgz', bytes)
  const other = await lock(asks)
  await publish('@shop/loyalty', { '1.0.0': { holds: manifest('1.0.0') } })
  const bare = await lock(asks)
  await publish('@shop/loyalty', {
    '1.0.0': { says: { name: 'loyalty', requires: {} }, holds: '' },
    '1.1.0': { says: needs({ bitcartcc: 'newest' }), holds: '' },
    '1.2.0': { says: { ...needs({ bitcartcc: '*' }), title: 'Loyalty' }, holds: '' },
    '1.3.0': { says: 'loyalty', holds: '' },
  })
  const unreadable = await lock(asks)
  expect([unknown, odd, other.replaceAll(/sha512-\S+/g, 'SUM'), bare, unreadable])
    .toMatchInlineSnapshot(`
      [
        "✗ http://registry has no npm package @shop/loyalty.

          selection.yaml:4   plugins: { loyalty: { npm: '@shop/loyalty', version: ^1.0.0 } }

        Nothing was built.

        Fix: Look whether the name is right, and whether you may see it without signing in.
             Another registry stands under sources:   sources: [{ npm: https://npm.example.com }]

        More: compose explain sources/no-package
      ",
        "✗ http://registry/@shop%2floyalty is not what a registry says of a package.

        Nothing was built.

        Fix: Look whether the address is that of an npm registry.

        More: compose explain sources/not-a-package
      ",
        "✗ http://registry/l.tgz is not the file that its index names.

          its index   SUM
          its bytes   SUM

        Nothing was unpacked, and nothing was built.

        Fix: Try again: it may have been cut on its way, or be in the middle of being replaced.
             If it stays so, tell the one who runs the server: somebody changed the file.

        More: compose explain sources/other-bytes
      ",
        "✗ No version of the npm package @shop/loyalty says in its package.json what the plugin loyalty needs.

          selection.yaml:4   plugins: { loyalty: { npm: '@shop/loyalty', version: ^1.0.0 } }

        Nothing of it was fetched, and nothing was built.

        Fix: Look whether the name of the package is right: a plugin has a field bitcartcc there.
             Its author writes the field with   compose plugin types   and publishes it again.

        More: compose explain sources/no-plugin-in-package
      ",
        "✗ The npm package @shop/loyalty@1.0.0 does not say in its package.json what its plugin needs.

          bitcartcc.requires lacks the key bitcartcc.

        Nothing of it was fetched, and nothing was built.

        Fix: Its author writes the field with   compose plugin types   and publishes it again.

        More: compose explain sources/unreadable-facts

      ✗ The npm package @shop/loyalty@1.1.0 does not say in its package.json what its plugin needs.

          bitcartcc.requires.bitcartcc is no range of versions.

        Nothing of it was fetched, and nothing was built.

        Fix: Its author writes the field with   compose plugin types   and publishes it again.

        More: compose explain sources/unreadable-facts

      ✗ The npm package @shop/loyalty@1.2.0 does not say in its package.json what its plugin needs.

          bitcartcc.title is no key that it may have.

        Nothing of it was fetched, and nothing was built.

        Fix: Its author writes the field with   compose plugin types   and publishes it again.

        More: compose explain sources/unreadable-facts

      ✗ The npm package @shop/loyalty@1.3.0 does not say in its package.json what its plugin needs.

          bitcartcc must be a mapping.

        Nothing of it was fetched, and nothing was built.

        Fix: Its author writes the field with   compose plugin types   and publishes it again.

        More: compose explain sources/unreadable-facts
      ",
      ]
    `)
  expect(readFileSync(join(world, 'selection.yaml'), 'utf8')).toContain('@shop/loyalty')
})

import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { release } from '../resolve/test-support.ts'
import type { NpmLock } from '../model/lock.ts'
import { ownMachine, ownPlatform, type Platform } from '../model/platform.ts'
import { withPackages, type Fetched } from './packages.ts'

// A registry with two packages in it; pnpm itself does the rest.
const answers = new Map<string, string | Buffer>()
const server = createServer((request, response) => {
  const answer = answers.get(decodeURIComponent(request.url ?? ''))
  if (answer === undefined) response.writeHead(404).end('{}')
  else response.end(answer)
})
const settings = [
  'npm_config_registry',
  'npm_config_store_dir',
  'npm_config_cache_dir',
  // pnpm asks again for what is damaged, a minute later.
  'npm_config_fetch_retries',
]
const former = new Map<string, string | undefined>()
let world = ''
beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'compose-packages-'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has one
  const values = [base, join(world, 'store'), join(world, 'metadata'), '0']
  settings.forEach((name, at) => {
    former.set(name, process.env[name])
    process.env[name] = values[at]
  })
  await publish(base, 'left-pad', ['1.3.0', '2.0.0'], () => ({
    'index.js': 'export const pad = 1\n',
  }))
  await publish(base, 'iron', ['1.0.0'], () => ({ 'build/iron.node': 'machine code' }))
  // Steel brings its machine code as those who are asked for all kinds of machine do: in a package for each.
  for (const [cpu, machine] of [
    ['x64', '>'],
    ['arm64', '\u00b7'],
  ] as const)
    await publish(
      base,
      `steel-linux-${cpu}`,
      ['1.0.0'],
      () => ({ 'steel.node': Buffer.from(`\u007fELF${'\0'.repeat(14)}${machine}\0`, 'latin1') }),
      { os: ['linux'], cpu: [cpu] },
    )
  await publish(base, 'steel', ['1.0.0'], () => ({ 'index.js': 'export {}\n' }), {
    optionalDependencies: { 'steel-linux-x64': '1.0.0', 'steel-linux-arm64': '1.0.0' },
  })
  await publish(base, 'forge', ['1.0.0'], () => ({ 'index.js': 'export {}\n' }), {
    dependencies: { iron: '^1.0.0' },
  })
})
afterAll(() => {
  for (const [name, value] of former)
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  server.close()
  rmSync(world, { recursive: true, force: true })
})

async function publish(
  base: string,
  name: string,
  versions: readonly string[],
  files: (version: string) => Readonly<Record<string, string | Buffer>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const listed: Record<string, unknown> = {}
  for (const version of versions) {
    const manifest = {
      name,
      version,
      ...more,
      scripts: { install: `touch ${world}/ran`, postinstall: `touch ${world}/ran` },
    }
    const texts = { 'package.json': JSON.stringify(manifest), ...files(version) }
    const tarball = gzipSync(
      await packTar(
        Object.entries(texts).map(([path, body]) => ({
          header: { name: `package/${path}`, size: Buffer.byteLength(body), type: 'file' as const },
          body,
        })),
      ),
    )
    const path = `/${name}-${version}.tgz`
    answers.set(path, tarball)
    const sum = createHash('sha512').update(tarball).digest('base64')
    listed[version] = {
      ...manifest,
      dist: { tarball: `${base}${path}`, integrity: `sha512-${sum}` },
    }
  }
  answers.set(
    `/${name}`,
    JSON.stringify({ name, 'dist-tags': { latest: versions.at(-1) }, versions: listed }),
  )
}

let cacheDir = ''
beforeEach(() => void (cacheDir = mkdtempSync(join(world, 'cache-'))))

const at = { file: 'selection.yaml', line: 1, column: 1 }
const selection = {
  shownAs: 'selection.yaml',
  grants: new Map([['dogs', { value: { native: ['forge', 'steel'] }, at }]]),
  deployment: { platforms: { value: [] as readonly Platform[], at } },
}
const forPlatforms = (...value: readonly Platform[]) => ({
  ...selection,
  deployment: { platforms: { value, at } },
})

const plugin = (name: string, packageJson: unknown): Fetched => ({
  release: release(name, '1.0.0'),
  tree: 'h1:',
  files: new Map(),
  capabilities: [],
  packageJson: Buffer.from(
    typeof packageJson === 'string' ? packageJson : JSON.stringify(packageJson),
  ),
})

/** Plugin and package → the version that the plugin sees; or the words of the refusal. */
async function seen(
  plugins: readonly Fetched[],
  asked = selection,
  known?: NpmLock,
): Promise<unknown> {
  try {
    const fetching = { cacheDir, isOffline: false }
    const { plugins: given } = await withPackages(plugins, known, asked, fetching)
    return given.flatMap(({ release: { name }, modules = '' }) =>
      ['left-pad', 'iron', 'vue'].flatMap((each) => {
        const file = join(modules, each, 'package.json')
        if (modules === '' || !existsSync(file)) return []
        const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string } // npm's own format
        return [`${name} sees ${each} ${version}`]
      }),
    )
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return error.problems
      .map(problemText)
      .join('\n')
      .replaceAll(/http:\/\/127[^/]*/g, 'http://registry')
  }
}

test('two plugins have two majors of one library, what core gives is core’s, and no script runs', async () => {
  const plugins = [
    plugin('ants', { dependencies: { 'left-pad': '^1.0.0', vue: '^3.0.0' } }),
    plugin('bees', { dependencies: { 'left-pad': '^2.0.0' } }),
    plugin('cats', { type: 'module' }),
  ]
  expect(await seen(plugins)).toEqual(['ants sees left-pad 1.3.0', 'bees sees left-pad 2.0.0'])
  expect(existsSync(join(world, 'ran'))).toBe(false)
})

test('what is locked is installed as it was, though there is newer now, and without a network', async () => {
  const plugins = [plugin('ants', { dependencies: { 'left-pad': '>=1.0.0' } })]
  const first = await withPackages(plugins, undefined, selection, {
    cacheDir,
    isOffline: false,
  })
  const known = answers.get('/left-pad')
  answers.delete('/left-pad')
  rmSync(cacheDir, { recursive: true })
  const again = await withPackages(plugins, first.npm, selection, {
    cacheDir,
    isOffline: true,
  })
  answers.set('/left-pad', known ?? '')
  expect([again.npm, again.plugins[0]?.modules]).toEqual([first.npm, first.plugins[0]?.modules])
  expect(existsSync(join(again.plugins[0]?.modules ?? '', 'left-pad/index.js'))).toBe(true)
})

test('a package with other bytes than were locked is refused', async () => {
  const plugins = [plugin('ants', { dependencies: { 'left-pad': '^1.0.0' } })]
  const { npm } = await withPackages(plugins, undefined, selection, { cacheDir, isOffline: false })
  const text = JSON.stringify(npm)
  const sent = /sha512-[^"]+/.exec(text)?.[0] ?? ''
  const locked = `sha512-${createHash('sha512').digest('base64')}`
  const known = JSON.parse(text.replaceAll(sent, locked)) as NpmLock // as it was, but for the hash
  const told = String(await seen(plugins, selection, known))
  expect(told.replace(locked, 'what is locked').replace(sent, 'what was sent'))
    .toMatchInlineSnapshot(`
      "✗ The registry sends an npm package that is not the one that was locked.

          pnpm says: ERR_PNPM_TARBALL_INTEGRITY Got unexpected checksum for
            "http://registry/left-pad-1.3.0.tgz". Wanted
            "what is locked".
            Got
            "what was sent".

        Nothing of it was unpacked or run, and nothing was built.

        Fix: If the lock was changed, by hand or by a merge, take back the one that was committed.
             If it was not: a version never changes once it is published. Ask who runs the registry.

        More: compose explain lock/not-as-locked
      "
    `)
})

test('each refusal has its words', async () => {
  const [odd, other, missing, native] = [
    await seen([
      plugin('ants', '{'),
      plugin('bees', {
        dependencies: { 'left-pad': 'file:../../secrets', iron: 'npm:left-pad@1' },
      }),
    ]),
    await seen([plugin('ants', { peerDependencies: { vue: '^2.0.0' } })]),
    await seen([plugin('ants', { dependencies: { 'left-pad': '^9.0.0' } })]),
    await seen([
      plugin('ants', { dependencies: { iron: '^1.0.0' } }),
      plugin('bees', { dependencies: { forge: '^1.0.0' } }),
      plugin('dogs', { dependencies: { forge: '^1.0.0' } }),
    ]),
  ]
  expect([odd, other, missing, native].join('\n')).toMatchInlineSnapshot(`
    "✗ The package.json of ants 1.0.0 cannot be read.

      Nothing was installed.

      Fix: Mend it, or ask its author to: it must be one JSON object.

      More: compose explain lock/bad-package-json

    ✗ bees 1.0.0 needs the npm package iron, and not by a range of versions.

        bees 1.0.0 package.json   "iron": "npm:left-pad@1"

      Nothing was installed.

      Fix: Write a range like   ^1.0.0   there: an address, a path or an alias could be any file.

      More: compose explain lock/npm-range

    ✗ bees 1.0.0 needs the npm package left-pad, and not by a range of versions.

        bees 1.0.0 package.json   "left-pad": "file:../../secrets"

      Nothing was installed.

      Fix: Write a range like   ^1.0.0   there: an address, a path or an alias could be any file.

      More: compose explain lock/npm-range

    ✗ ants 1.0.0 was written for vue ^2.0.0, and core gives vue 3.5.45 to every
      plugin.

        ants 1.0.0 package.json   "vue": "^2.0.0"

      Nothing was installed.

      Fix: Ask its author for a release for vue 3.5.45, or take it out of the selection.

      More: compose explain lock/core-package

    ✗ The npm packages of plugins cannot be installed.

        pnpm says: ERR_PNPM_NO_MATCHING_VERSION No matching version found for
          left-pad@^9.0.0 while fetching it from http://registry/

        ants   left-pad ^9.0.0

      Nothing was built.

      Fix: Look whether npm reaches its registry on this machine, and try again.
           What was fetched before is enough for   compose build --offline

      More: compose explain lock/npm-install

    ✗ ants brings machine code, which runs on one kind of machine only: the npm
      package iron.

        ants   package.json   iron

      Nothing of it was run, and nothing was built.

      Fix: Ask its author to do without it: a distribution then runs on every machine.
           Or grant it by name, in selection.yaml; the distribution then runs on machines like this one only:
             grants:
               ants: { native: [iron] }

      More: compose explain lock/native-addon

    ✗ bees brings machine code, which runs on one kind of machine only: the npm
      package iron.

        bees   package.json   forge, which needs iron

      Nothing of it was run, and nothing was built.

      Fix: Ask its author to do without it: a distribution then runs on every machine.
           Or grant it by name, in selection.yaml; the distribution then runs on machines like this one only:
             grants:
               bees: { native: [forge] }

      More: compose explain lock/native-addon
    "
  `)
})

test('machine code that was granted by name is told, and shipped as it is', async () => {
  const { plugins } = await withPackages(
    [plugin('dogs', { dependencies: { forge: '^1.0.0', 'left-pad': '^2.0.0' } })],
    undefined,
    selection,
    { cacheDir, isOffline: false },
  )
  expect(plugins.map(({ native, capabilities }) => ({ native, capabilities }))).toEqual([
    { native: ['forge'], capabilities: ['machine code forge'] },
  ])
})

test('machine code is brought for every platform that is asked for, and one lock serves them all', async () => {
  const plugins = [plugin('dogs', { dependencies: { steel: '^1.0.0' } })]
  const fetching = { cacheDir, isOffline: false }
  const brought = async (asked: typeof selection) => {
    const { npm, plugins: given } = await withPackages(plugins, undefined, asked, fetching)
    const home = join(given[0]?.modules ?? '', '../../../node_modules/.pnpm')
    return {
      locked: Object.keys(npm?.packages ?? {}),
      installed: readdirSync(home).filter((name) => name.startsWith('steel')),
    }
  }
  const locked = ['steel-linux-arm64@1.0.0', 'steel-linux-x64@1.0.0', 'steel@1.0.0']
  expect(await brought(forPlatforms('linux/amd64', 'linux/arm64'))).toEqual({
    locked,
    installed: locked,
  })
  expect(await brought(forPlatforms(ownPlatform()))).toEqual({
    locked,
    installed: locked.filter((name) => !name.includes('linux') || name.includes(process.arch)),
  })
})

test.skipIf(process.platform !== 'linux')(
  'a platform without machine code is told, and so is this machine',
  async () => {
    const other = ownPlatform() === 'linux/amd64' ? 'linux/arm64' : 'linux/amd64'
    const told = [
      await seen(
        [plugin('dogs', { dependencies: { forge: '^1.0.0' } })],
        forPlatforms('linux/amd64', 'linux/arm64'),
      ),
      await seen([plugin('dogs', { dependencies: { steel: '^1.0.0' } })], forPlatforms(other)),
    ]
    // Which of the two this machine is not.
    const onAny = String(told[1]).replaceAll(other, 'OTHER').replaceAll(ownMachine, 'OWN')
    expect([told[0], onAny].join('\n')).toMatchInlineSnapshot(`
      "✗ The npm package forge of dogs has no machine code for linux/amd64 or
        linux/arm64.

          selection.yaml:1   platforms: [linux/amd64, linux/arm64]
          dogs               package.json   forge

        Nothing of it was run, and nothing was built.

        Fix: In selection.yaml:1 name only platforms that it is made for, or take dogs out.

        More: compose explain lock/not-for-platform

      ✗ dogs brings machine code, the npm package steel, and none for this machine,
        which is OWN.

          What is built is started once before it is put in its place, and that cannot
            be.

          selection.yaml:1   platforms: [OTHER]
          dogs               package.json   steel

        Nothing of it was run, and nothing was built.

        Fix: Build on a machine of one of those kinds. One build serves all of them.

        More: compose explain lock/not-proved-here
      "
    `)
  },
)

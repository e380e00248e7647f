import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { compose, root } from './support/compose.ts'
import {
  built,
  builtStandard,
  sharedCacheDir,
  standardSelection,
  takeLock,
} from './support/distribution.ts'
import { hashesOf } from './support/tree.ts'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'compose-archive-'))
  folders.push(folder)
  return folder
}
const ratings = join(root, 'plugins/ratings')
const archive = 'ratings-1.0.0.bitcartcc'

test('the same folder gives the same archive, whoever packs it, wherever and whenever', async () => {
  const [here, there] = [await newFolder(), await newFolder()]
  await cp(ratings, join(there, 'Ünother'), { recursive: true, dereference: false })
  await writeFile(join(there, 'Ünother/.notes'), 'a dotfile is no part of a plugin')
  await built(['plugin', 'pack', ratings, '--quiet'], here, sharedCacheDir())
  const printed = await built(['plugin', 'pack', 'Ünother', '--quiet'], there, sharedCacheDir(), {
    TZ: 'Pacific/Kiritimati',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
  })
  expect(printed).toBe(archive)
  expect(await readFile(join(there, archive))).toEqual(await readFile(join(here, archive)))
  const inspect = async (word: string) =>
    JSON.parse(await built(['plugin', 'inspect', word, '--json'], here, sharedCacheDir())) as {
      tree: string
      integrity: string | null
    } // what the command promises
  const [packed, folder] = [await inspect(archive), await inspect(ratings)]
  expect(packed).toEqual({ ...folder, integrity: packed.integrity })
})

test('a hostile archive is refused by inspect, and leaves nothing behind', async () => {
  const cwd = await newFolder()
  const sample = join(root, 'test/samples/lock-archive-outside-its-folder/loyalty-2.1.0.bitcartcc')
  const run = await compose(['plugin', 'inspect', sample], { cwd, cacheDir: join(cwd, 'cache') })
  expect({ exit: run.exitCode, stdout: run.stdout, made: await readdir(cwd) }).toEqual({
    exit: 1,
    stdout: '',
    made: [],
  })
  expect(run.stderr).toContain('E_ZIP_PATH traversal')
})

test('a place that takes no archive is a problem', async () => {
  const cwd = await newFolder()
  const pack = ['plugin', 'pack', ratings, '--out', 'nowhere/ratings.bitcartcc']
  const run = await compose(pack, { cwd, cacheDir: join(cwd, 'cache') })
  expect({ exit: run.exitCode, told: run.stderr.trim().split('\n')[0] }).toEqual({
    exit: 1,
    told: '✗ nowhere/ratings.bitcartcc cannot be written: its folder is not there.',
  })
})

test('a plugin from an archive gives the bundles that its folder gives, and its lock holds the bytes', async () => {
  const standard = await builtStandard()
  const cwd = await newFolder()
  const asked = parse(await readFile(standardSelection, 'utf8')) as { plugins: object } // our own file
  const selection = {
    ...asked,
    plugins: { ...asked.plugins, ratings: { archive: `./${archive}` } },
  }
  await writeFile(join(cwd, 'selection.yaml'), stringify(selection))
  await takeLock(standard, cwd)
  await built(['plugin', 'pack', ratings, '--quiet'], cwd, standard.cacheDir)
  await built(['build', 'selection.yaml'], cwd, standard.cacheDir)
  const bundles = '{server.js,validators.js,chunks/**,public/**,services/**,migrations/**}'
  expect(await hashesOf(join(cwd, 'dist/standard'), bundles)).toEqual(
    await hashesOf(standard.folder, bundles),
  )

  const again = await compose(['build', 'selection.yaml', '--frozen'], {
    cwd,
    cacheDir: standard.cacheDir,
  })
  const bytes = await readFile(join(cwd, archive))
  bytes[bytes.indexOf('export')] = 0x45
  await writeFile(join(cwd, archive), bytes)
  const before = await hashesOf(join(cwd, 'dist'))
  const tampered = await compose(['build', 'selection.yaml'], { cwd, cacheDir: standard.cacheDir })
  expect([again.exitCode, tampered.exitCode]).toEqual([0, 1])
  expect(tampered.stderr).toContain('compose explain lock/other-bytes')
  expect(await hashesOf(join(cwd, 'dist'))).toEqual(before)
})

test('a catalogue is fetched once: offline the same plan comes from the cache', async () => {
  const cwd = await newFolder()
  const cacheDir = join(cwd, 'cache')
  const server = createServer((request, response) => {
    readFile(join(cwd, 'public', request.url ?? '')).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo // a TCP server has one
  // Another version than the one this workspace holds, so that it must come from there.
  await cp(ratings, join(cwd, 'shelf/ratings'), { recursive: true })
  const manifest = join(cwd, 'shelf/ratings/plugin.yaml')
  const text = await readFile(manifest, 'utf8')
  await writeFile(manifest, text.replace('version: 1.0.0', 'version: 1.0.1'))
  await built(['catalog', 'shelf', '--out', 'public', '--quiet'], cwd, cacheDir)
  await writeFile(
    join(cwd, 'selection.yaml'),
    stringify({
      distribution: 'shop',
      core: '^1.0.0',
      sources: [{ catalogue: `http://127.0.0.1:${port}` }],
      plugins: { ratings: '1.0.1' },
      deployment: { images: 'tags' },
    }),
  )
  const online = await built(['lock', '--quiet'], cwd, cacheDir)
  const lock = await readFile(join(cwd, 'selection.lock'), 'utf8')
  await new Promise((done) => server.close(done))
  await rm(join(cwd, 'selection.lock'))
  expect(await built(['lock', '--quiet', '--offline'], cwd, cacheDir)).toBe(online)
  expect(await readFile(join(cwd, 'selection.lock'), 'utf8')).toBe(lock)
  const { plugins } = JSON.parse(lock) as { plugins: { ratings: { source: string } } } // our own file
  expect(plugins.ratings.source).toBe(`http://127.0.0.1:${port}/ratings/ratings-1.0.1.bitcartcc`)
})

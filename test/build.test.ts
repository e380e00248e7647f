import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { isCi } from './support/ci.ts'
import { compose } from './support/compose.ts'
import {
  built,
  builtStandard,
  builtWithPresents,
  serve,
  standardSelection,
  takeLock,
  type Built,
} from './support/distribution.ts'
import { hashesOf } from './support/tree.ts'

interface SelectionFile {
  readonly distribution: string
  readonly core: string
  readonly plugins: Readonly<Record<string, unknown>>
  readonly deployment?: Readonly<Record<string, unknown>>
  readonly settings?: Readonly<Record<string, unknown>>
}
let standard: Built
let asked: SelectionFile
const folders: string[] = []

beforeAll(async () => {
  standard = await builtStandard()
  asked = parse(await readFile(standardSelection, 'utf8')) as SelectionFile // our own file
})
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A new folder with a selection in it. */
async function folderWith(selection: SelectionFile): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'compose-build-'))
  folders.push(folder)
  await writeFile(join(folder, 'selection.yaml'), stringify(selection))
  return folder
}

const reversed = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).toReversed())

test('the same selection gives the same bytes, in another folder, order, time zone and locale, with an empty cache that serves builds at once', async () => {
  const cwds = [
    join(await folderWith(asked), 'deep/down/in an Ünother folder'),
    // In a run of all tests many build at once on one cache; that two fill it at once is for CI.
    ...(isCi ? [await folderWith(asked)] : []),
  ]
  const [elsewhere = ''] = cwds
  const cacheDir = join(elsewhere, 'cache')
  await mkdir(cacheDir, { recursive: true })
  await writeFile(
    join(elsewhere, 'selection.yaml'),
    stringify(reversed({ ...asked, plugins: reversed(asked.plugins) })),
  )
  const env = {
    TZ: 'Pacific/Kiritimati',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
    HOME: elsewhere,
  }
  // All make everything anew, and write it at the same time.
  await Promise.all(
    cwds.map((cwd) =>
      built(['build', 'selection.yaml'], cwd, cacheDir, cwd === elsewhere ? env : {}),
    ),
  )
  const wanted = await hashesOf(standard.folder)
  for (const cwd of cwds) expect(await hashesOf(join(cwd, 'dist/standard'))).toEqual(wanted)
})

test('a warm build gives the bytes of a cold one', async () => {
  const cwd = await folderWith(asked)
  await built(['build', 'selection.yaml'], cwd, standard.cacheDir)
  expect(await hashesOf(join(cwd, 'dist/standard'))).toEqual(await hashesOf(standard.folder))
})

test('what is decided at start is not baked in: host, mode, proxy and settings change no bundle', async () => {
  const cwd = await folderWith({
    ...asked,
    deployment: {
      ...asked.deployment,
      host: 'elsewhere.example.com',
      mode: 'multi-domain',
      proxy: 'nginx',
    },
    settings: { ratings: { minimum: 3 } },
  })
  await takeLock(standard, cwd)
  await built(['build', 'selection.yaml'], cwd, standard.cacheDir)
  const bundles = '{server.js,validators.js,chunks/**,public/**,services/**,migrations/**}'
  expect(await hashesOf(join(cwd, 'dist/standard'), bundles)).toEqual(
    await hashesOf(standard.folder, bundles),
  )
})

test('adding a plugin changes no chunk of another owner', async () => {
  const one = await chunksByOwner(standard.folder)
  const other = await chunksByOwner(await builtWithPresents())
  expect(Object.keys(one).filter((file) => file in other && one[file] !== other[file])).toEqual([])
  for (const [plugin, withIt, without] of [
    ['ratings', one, other],
    ['gift-message', other, one],
  ] as const) {
    const added = Object.keys(withIt).filter((file) => !(file in without))
    expect(added).not.toEqual([])
    expect(added.filter((file) => !file.includes(plugin))).toEqual([])
  }
})

/** The chunks that somebody owns; an app's entry holds the wiring and belongs to the selection. */
async function chunksByOwner(folder: string): Promise<Readonly<Record<string, string>>> {
  const all = await hashesOf(folder, '{chunks,public/*/assets}/**')
  return Object.fromEntries(
    Object.entries(all).filter(([file]) => !/^public\/(\w+)\/assets\/\1-[^/]*$/.test(file)),
  )
}

test('a start loads no database in the process, no mail and no backup before one is asked for', async () => {
  const loaded = new Set<string>()
  const load = async (file: string): Promise<void> => {
    if (loaded.has(file)) return
    loaded.add(file)
    const code = await readFile(join(standard.folder, file), 'utf8')
    const imported = code.matchAll(/(?:from|import) ?["'](\.[^"']+)["']/g)
    for (const [, path = ''] of imported) await load(posix.join(posix.dirname(file), path))
  }
  await load('program.js')
  const owners = [...loaded].map((file) => file.replace(/^chunks\/(.+)-[\w-]{8}\.js$/, '$1'))
  expect(owners.toSorted()).toEqual([
    'batch-import',
    'bitcoin',
    'core',
    'core-first',
    'mail',
    'program.js',
    'rates',
    'ratings',
    'rolldown-runtime',
    'vendor',
    'vendor-big-js',
    'vendor-csv-parse',
    'vendor-noble-curves',
    'vendor-noble-hashes',
    'vendor-scure-base',
    'vendor-scure-bip32',
  ])
})

test('a refused build leaves the last distribution untouched', async () => {
  const cwd = await copyOfStandard()
  const before = await hashesOf(join(cwd, 'dist'))
  await writeFile(
    join(cwd, 'selection.yaml'),
    stringify({ ...asked, plugins: { ...asked.plugins, ratinqs: '^1.0.0' } }),
  )
  const run = await compose(['build', 'selection.yaml'], { cwd, cacheDir: standard.cacheDir })
  expect({ exitCode: run.exitCode, dist: await hashesOf(join(cwd, 'dist')) }).toEqual({
    exitCode: 1,
    dist: before,
  })
  expect(run.stderr).toContain('ratinqs')
})

test('--frozen refuses what would change the lock, and takes what would not', async () => {
  const cwd = await copyOfStandard()
  const frozen = ['build', 'selection.yaml', '--frozen']
  const same = await compose(frozen, { cwd, cacheDir: standard.cacheDir })
  const { ratings: _left, ...others } = asked.plugins
  await writeFile(
    join(cwd, 'selection.yaml'),
    stringify({ ...asked, plugins: others, removed: { ratings: 'keep' } }),
  )
  const before = await readFile(join(cwd, 'selection.lock'), 'utf8')
  const other = await compose(frozen, { cwd, cacheDir: standard.cacheDir })
  expect([same.exitCode, other.exitCode]).toEqual([0, 1])
  expect(await readFile(join(cwd, 'selection.lock'), 'utf8')).toBe(before)
})

test('a rebuild under a running server loses no request and no value', async () => {
  const cwd = await copyOfStandard()
  const folder = join(cwd, 'dist/standard')
  const dataDir = join(cwd, 'data')
  const server = await serve(folder, { dataDir })
  try {
    const store = await (await fetch(`${server.url}/`)).text()
    const assets = [...store.matchAll(/(?:src|href)="(\/store\/assets\/[^"]+)"/g)].map(
      (match) => match[1] ?? '',
    )
    expect(assets).not.toEqual([])
    const paths = ['/', '/admin', '/api/distribution', '/api/products', ...assets]
    await post(server.url, '/api/users', {
      email: 'a@example.com',
      name: 'A',
      password: 'correct horse battery',
    })
    let isBuilding = true
    await writeFile(
      join(cwd, 'selection.yaml'),
      stringify({ ...asked, deployment: { ...asked.deployment, host: 'moved.example.com' } }),
    )
    const building = built(['build', 'selection.yaml'], cwd, standard.cacheDir).finally(
      () => (isBuilding = false),
    )
    const failed: string[] = []
    let requests = 0
    while (isBuilding)
      for (const path of paths) {
        const status = await fetch(`${server.url}${path}`).then(
          async (response) => (await response.arrayBuffer(), response.status),
          (error: unknown) => String(error),
        )
        requests++
        if (status !== 200) failed.push(`${status} ${path}`)
        // The build wants some of the machine, too.
        await delay(10)
      }
    await building
    expect(failed).toEqual([])
    expect(requests).toBeGreaterThan(paths.length)
    await server.stop()
    const again = await serve(folder, { dataDir })
    try {
      const session = await (await fetch(`${again.url}/api/session`)).json()
      expect(session).toMatchObject({ needsSetup: false })
    } finally {
      await again.stop()
    }
  } finally {
    await server.stop()
  }
})

async function post(url: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status} ${await response.text()}`)
}

/** A folder of its own in the state right after the standard build. */
async function copyOfStandard(): Promise<string> {
  const cwd = await folderWith(asked)
  await takeLock(standard, cwd)
  await cp(join(standard.cwd, 'dist'), join(cwd, 'dist'), { recursive: true })
  return cwd
}

import { existsSync } from 'node:fs'
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { arch, cpus, platform, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { parse, stringify } from 'yaml'
import { plainEnv, root } from '../support/compose.ts'
import { writeBase } from '../support/base-image.ts'
import { standardSelection } from '../support/distribution.ts'
import { openRegistry } from '../support/registry.ts'
import { imageSizes, type ImageSize } from './image-sizes.ts'
import { installed } from './installed.ts'
import { measure, type Cost } from './measure.ts'
import { pace } from './pace.ts'
import { embeddedStarts, postgresStarts, type Start } from './start.ts'
import { loads, type Load } from './requests.ts'
import { surfacesOf, type Surface } from './surfaces.ts'

/**
 * Measures the standard selection through the front door, `compose build` and `node server.js serve`.
 *
 * Works on copies in a temporary folder. Prints a table; the same figures go to test/bench/results.json.
 * PostgreSQL is measured where DATABASE_URL or TEST_DATABASE_URL names a server that may make databases.
 */
interface Results {
  readonly machine: {
    readonly node: string
    readonly platform: string
    readonly cpus: string
    readonly memoryBytes: number
    readonly paceSeconds: number
  }
  readonly builds: readonly (Cost & { readonly name: string; readonly ofCold: number })[]
  readonly images: readonly ImageCost[]
  readonly imageSizes: readonly ImageSize[]
  readonly merge: Merged
  readonly resolve: Resolved
  readonly migrations: Migrated
  readonly starts: readonly Start[]
  /** Empty where no PostgreSQL server was named. */
  readonly loads: readonly Load[]
  readonly surfaces: readonly Surface[]
}

/** Choosing versions, apart from reading what there is: the best of five. */
interface Resolved {
  readonly plugins: number
  readonly versions: number
  readonly chosen: number
  readonly seconds: number
}

/** Fragments of plugins, parsed, which is the best of five; and checked and merged: for the first time in a process, and the best of five after. */
interface Merged {
  readonly fragments: number
  readonly values: number
  readonly parseSeconds: number
  readonly firstSeconds: number
  readonly seconds: number
}

/** Making the image of what was built; building is not in it. */
interface ImageCost extends Cost {
  readonly name: string
  readonly ofCold: number
  /** The tar for `docker load`. */
  readonly bytes: number
  /** The layers that differ from the image before: what an upgrade has to carry. */
  readonly changedBytes: number
}

/** Migrations of many plugins: planned and rehearsed, the same with nothing changed, and run on a database with nothing to do. */
interface Migrated {
  readonly plugins: number
  readonly migrations: number
  readonly coldSeconds: number
  readonly unchangedSeconds: number
  readonly nothingSeconds: number
}

/** One line of one plugin, as its author would change it: in a page, and in a route. */
const lines = [
  ['one line of a page ', 'plugins/ratings/store/ProductRatings.vue', 'Thank you for your rating'],
  ['one line of a route', 'plugins/ratings/api/routes.ts', 'Lists votes, newest first.'],
] as const
const work = await mkdtemp(join(tmpdir(), 'compose-bench-'))
const asides: string[] = []
try {
  await copyStandard()
  const builds = await measureBuilds()
  const folder = join(work, 'dist/standard')
  const url = process.env['DATABASE_URL'] ?? process.env['TEST_DATABASE_URL']
  const results: Results = {
    machine: {
      node: process.version,
      platform: `${platform()} ${arch()}`,
      cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      memoryBytes: totalmem(),
      paceSeconds: await pace(),
    },
    builds,
    images: await measureImages(coldOf(builds)),
    imageSizes: await imageSizes(folder, await pluginNames()),
    merge: await measureMerge(),
    resolve: await measureResolve(),
    migrations: await measureMigrations(),
    starts: [...(await embeddedStarts(folder)), ...(url ? await postgresStarts(folder, url) : [])],
    loads: url ? await loads(folder, url) : [],
    surfaces: await surfacesOf(folder),
  }
  await writeFile(
    join(import.meta.dirname, 'results.json'),
    `${JSON.stringify(results, null, 2)}\n`,
  )
  print(results)
} finally {
  for (const folder of [work, ...asides]) await rm(folder, { recursive: true, force: true })
}

/** The standard selection over copies of its plugins, so that one of them can change. */
async function copyStandard(): Promise<void> {
  const selection = parse(await readFile(standardSelection, 'utf8')) as { plugins: object } // our own file
  const plugins = Object.keys(selection.plugins).map((name) => [
    name,
    { path: `./plugins/${name}` },
  ])
  await writeFile(
    join(work, 'selection.yaml'),
    stringify({ ...selection, plugins: Object.fromEntries(plugins) }),
  )
  for (const name of Object.keys(selection.plugins)) {
    await cp(join(root, 'plugins', name), join(work, 'plugins', name), {
      recursive: true,
      filter: (source) => !source.includes('node_modules'),
    })
    const modules = join(root, 'plugins', name, 'node_modules')
    if (existsSync(modules))
      await symlink(modules, join(work, 'plugins', name, 'node_modules'), 'junction')
  }
  await mkdir(join(work, 'cache'))
}

function coldOf(builds: Results['builds']): number {
  return builds.find(({ name }) => name === 'cold')?.wallSeconds ?? 1
}

async function pluginNames(): Promise<readonly string[]> {
  const selection = parse(await readFile(standardSelection, 'utf8')) as { plugins: object } // our own file
  return Object.keys(selection.plugins)
}

async function measureMerge(): Promise<Merged> {
  const { stdout } = await execa(process.execPath, [join(root, 'composer/src/fragments-bench.ts')])
  return JSON.parse(stdout) as Merged // what that program prints
}

async function measureResolve(): Promise<Resolved> {
  const { stdout } = await execa(process.execPath, [join(root, 'composer/src/resolve/bench.ts')])
  return JSON.parse(stdout) as Resolved // what that program prints
}

async function measureMigrations(): Promise<Migrated> {
  const { stdout } = await execa(process.execPath, [join(root, 'composer/src/migrations-bench.ts')])
  return JSON.parse(stdout) as Migrated // what that program prints
}

async function measureBuilds(): Promise<Results['builds']> {
  const build = () =>
    measure(
      [process.execPath, join(root, 'composer/compose.mjs'), 'build', 'selection.yaml', '--quiet'],
      { cwd: work, env: { ...plainEnv(), COMPOSE_CACHE_DIR: join(work, 'cache') } },
    )
  const fromNpm = await firstFromNpm()
  // What follows from core alone is made by the first build of a machine.
  await setAside(join(root, 'composer/node_modules/.cache'))
  const first = await build()
  const afresh = async () => {
    for (const made of ['cache', 'dist', '.compose', 'selection.lock'])
      await setAside(join(work, made))
    return build()
  }
  await afresh() // The second build on a machine keeps what Node made of the code.
  const cold = await afresh()
  const nothing = await best(3, build)
  const named: (readonly [string, Cost])[] = [
    ['first of a clone', first],
    ['first from npm', fromNpm],
    ['cold', cold],
    ['nothing changed', nothing],
  ]
  for (const [name, file, text] of lines) named.push([name, await changed(file, text, build)])
  return named.map(([name, cost]) => ({
    name,
    ...cost,
    ofCold: cost.wallSeconds / cold.wallSeconds,
  }))
}

/** Not removed before the end: some disks are slow at making files where others just went, and no first build follows on that. */
async function setAside(path: string): Promise<void> {
  if (!existsSync(path)) return
  const aside = await mkdtemp(`${path}-aside-`)
  asides.push(aside)
  await rename(path, join(aside, 'it'))
}

/** The first build of somebody who has compose from npm: what follows from core alone came along. */
async function firstFromNpm(): Promise<Cost> {
  const shop = join(work, 'from-npm')
  await mkdir(shop)
  await cp(standardSelection, join(shop, 'selection.yaml'))
  const registry = await openRegistry()
  try {
    const program = await installed(shop, registry)
    return await measure([process.execPath, program, 'build', 'selection.yaml', '--quiet'], {
      cwd: shop,
      env: { ...plainEnv(), COMPOSE_CACHE_DIR: join(shop, 'cache') },
    })
  } finally {
    registry.close()
  }
}

/** With a base of one small file that says it has this Node, so that the figures are the same wherever they are taken. */
async function measureImages(coldSeconds: number): Promise<Results['images']> {
  const env = { ...plainEnv(), COMPOSE_CACHE_DIR: join(work, 'cache') }
  const compose = [process.execPath, join(root, 'composer/compose.mjs')]
  const out = join(work, 'images/standard')
  await writeBase(join(work, 'base.tar'))
  const make = () =>
    measure([...compose, 'image', 'dist/standard', '--base', 'base.tar', '--quiet'], {
      cwd: work,
      env,
    })
  const blobs = async () => {
    const folder = join(out, 'layout/blobs/sha256')
    const names = await readdir(folder)
    return new Map(
      await Promise.all(
        names.map(async (name) => [name, (await stat(join(folder, name))).size] as const),
      ),
    )
  }
  let before: ReadonlyMap<string, number> = new Map()
  const made = async (name: string): Promise<ImageCost> => {
    const cost = await best(3, make)
    const after = await blobs()
    const changed = [...after].filter(([digest]) => !before.has(digest))
    before = after
    return {
      name,
      ...cost,
      ofCold: cost.wallSeconds / coldSeconds,
      bytes: (await stat(join(out, 'standard.tar'))).size,
      changedBytes: changed.reduce((sum, [, bytes]) => sum + bytes, 0),
    }
  }
  const first = await made('standard')
  const [, file, text] = lines[0]
  const path = join(work, file)
  await writeFile(path, (await readFile(path, 'utf8')).replace(text, `${text}, again`))
  await execa(process.execPath, [...compose.slice(1), 'build', 'selection.yaml', '--quiet'], {
    cwd: work,
    env,
  })
  return [first, await made('plugin changed')]
}

/** The best of three builds, each after another change of the same line. */
async function changed(file: string, text: string, build: () => Promise<Cost>): Promise<Cost> {
  const path = join(work, file)
  const before = await readFile(path, 'utf8')
  if (!before.includes(text)) throw new Error(`${file} no longer says: ${text}`)
  let edition = 0
  return best(3, async () => {
    await writeFile(path, before.replace(text, `${text} ${++edition}`))
    return build()
  })
}

async function best(times: number, run: () => Promise<Cost>): Promise<Cost> {
  let found = await run()
  for (let i = 1; i < times; i++) {
    const next = await run()
    if (next.wallSeconds < found.wallSeconds) found = next
  }
  return found
}

function print(results: Results): void {
  const { machine, builds, images, imageSizes: sizes, merge, resolve, migrations } = results
  const { starts, loads, surfaces } = results
  const seconds = (value: number) => `${value.toFixed(2)} s`
  const megabytes = (value: number) => `${Math.round(value / 1e6)} MB`
  const kilobytes = (value: number) => `${Math.round(value / 1e3)} kB`
  const rows = [
    [`Node ${machine.node.slice(1)}`, machine.platform, machine.cpus, ''],
    ['loads TypeScript in', seconds(machine.paceSeconds)],
    [],
    ['build', 'wall', 'processor', 'largest process', 'of cold'],
    ...builds.map((one) => [
      one.name,
      seconds(one.wallSeconds),
      seconds(one.cpuSeconds),
      megabytes(one.peakBytes),
      `${one.ofCold.toFixed(3)} ×`,
    ]),
    [],
    ['image', 'wall', 'processor', 'largest process', 'of cold', 'tar', 'changed'],
    ...images.map((one) => [
      one.name,
      seconds(one.wallSeconds),
      seconds(one.cpuSeconds),
      megabytes(one.peakBytes),
      `${one.ofCold.toFixed(3)} ×`,
      megabytes(one.bytes),
      kilobytes(one.changedBytes),
    ]),
    [],
    ['on Debian and Node', 'unpacked', 'files', 'npm packages'],
    ...sizes.map((one) => [
      one.name,
      megabytes(one.bytes),
      String(one.files),
      one.packages === 0 ? '-' : String(one.packages),
    ]),
    [],
    ['merge', 'wall', 'first', 'parsing before', 'values'],
    [
      `${merge.fragments} fragments`,
      seconds(merge.seconds),
      seconds(merge.firstSeconds),
      seconds(merge.parseSeconds),
      String(merge.values),
    ],
    [],
    ['choose versions', 'wall', 'chosen', 'of cold'],
    [
      `${resolve.plugins} × ${resolve.versions}`,
      seconds(resolve.seconds),
      String(resolve.chosen),
      `${(resolve.seconds / coldOf(builds)).toFixed(3)} ×`,
    ],
    [],
    ['migrations', 'plan and rehearse', 'nothing changed', 'nothing to do'],
    [
      `${migrations.plugins} × ${migrations.migrations / migrations.plugins}`,
      seconds(migrations.coldSeconds),
      seconds(migrations.unchangedSeconds),
      seconds(migrations.nothingSeconds),
    ],
    [],
    ['start', 'ready after', 'memory', 'at its highest'],
    ...starts.map((one) => [
      one.name,
      seconds(one.seconds),
      megabytes(one.bytes),
      megabytes(one.peakBytes),
    ]),
    [],
    ['16 at a time', 'a second', '99 of 100 within', 'of Fastify and pg'],
    ...loads.map((one) => [
      one.name,
      one.perSecond.toFixed(0),
      `${Math.round(one.p99Seconds * 1000)} ms`,
      `${one.ofBare.toFixed(2)} ×`,
    ]),
    [],
    ['surface', 'bytes', 'gzip'],
    ...surfaces.map((one) => [one.name, kilobytes(one.bytes), kilobytes(one.gzipBytes)]),
  ]
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell) => cell.padEnd(20))
        .join('')
        .trimEnd()}\n`,
    )
}

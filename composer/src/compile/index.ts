import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Cache, Files } from '../cache/cache.ts'
import { compiledCodeFolder } from '../cache/compiled-code.ts'
import { hashOf } from '../cache/hash.ts'
import type { Paths } from '../cache/paths.ts'
import { programBeside } from '../house.ts'
import type { Bundles, Surface } from '../model/bundles.ts'
import type { GeneratedTree } from '../model/generated-tree.ts'
import { machinesOf, ownMachine } from '../model/platform.ts'
import type { Plan } from '../model/plan.ts'
import type { CompileAnswer, CompileTask } from './task.ts'

export interface CompileInput {
  readonly plan: Plan
  readonly tree: GeneratedTree
  readonly paths: Paths
  readonly cache: Cache
  /** Hash of core, of this composer and of the npm packages both stand on. */
  readonly coreHash: string
  /** Ends the bundling; the promise then rejects. */
  readonly signal: AbortSignal
}

const surfaces: readonly Surface[] = ['server', 'admin', 'store']

/** Compiles server, admin and store, each from the cache where its inputs are as they were. */
export async function compile(input: CompileInput): Promise<Bundles> {
  const { cache } = input
  const keys = new Map(surfaces.map((surface) => [surface, keyOf(surface, input)]))
  const found = new Map<Surface, Files>()
  for (const [surface, key] of keys) {
    const files = cache.get(key)
    if (files) found.set(surface, files)
  }
  const asBefore = [...found.keys()]
  const missing = surfaces.filter((surface) => !found.has(surface))
  if (missing.length > 0)
    for (const [surface, files] of await compileFresh(missing, input)) {
      cache.put(keys.get(surface) ?? '', files)
      found.set(surface, files)
    }
  const sizeOf = (surface: Surface) =>
    [...(found.get(surface)?.values() ?? [])].reduce((sum, bytes) => sum + bytes.length, 0)
  return {
    files: new Map(
      [...found.values()].flatMap((files) => [...files]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
    asBefore,
    bytes: { server: sizeOf('server'), admin: sizeOf('admin'), store: sizeOf('store') },
  }
}

/** A surface is made of core, its wiring, and those files of plugins that it can reach. */
function keyOf(surface: Surface, { plan, tree, coreHash }: CompileInput): string {
  const isOurs = (path: string) =>
    surface === 'server'
      ? path === 'server.ts' ||
        ['api', 'worker', 'payments', 'plugins'].some((name) => path === `wiring/${name}.ts`) ||
        path.startsWith('keep/server')
      : path.startsWith(`${surface}/`) ||
        path === `wiring/${surface}.ts` ||
        path.startsWith('keep/client')
  const reaches = (path: string) => {
    const [room = ''] = path.split('/')
    if (surface === 'server')
      return (
        !['admin', 'store', 'locales', 'migrations', 'templates'].includes(room) &&
        !path.endsWith('.vue')
      )
    return (
      ![
        'migrations',
        'templates',
        'services',
        'worker',
        'api',
        surface === 'admin' ? 'store' : 'admin',
      ].includes(room) || isShared(plan, room)
    )
  }
  const wiring = [...tree].filter(([path]) => isOurs(path)).flat()
  const plugins = plan.plugins.flatMap(({ release, files, modules, native }) => [
    release.name,
    // The folder is named after what was locked.
    modules === undefined ? '' : basename(dirname(dirname(dirname(modules)))),
    ...(native === undefined
      ? []
      : [ownMachine, ...machinesOf(plan.deployment.platforms ?? []), ...native]),
    ...[...files].filter(([path]) => reaches(path)).flat(),
  ])
  return `compile-${surface}-${hashOf(coreHash, plan.deployment.database, ...wiring, ...plugins).slice(7)}`
}

// A page may import a value from a file of its plugin's api folder; then that folder is an input of the app too.
const isShared = (plan: Plan, room: string) =>
  room === 'api' &&
  plan.plugins.some(({ release, files }) =>
    [...files.keys()].some(
      (path) =>
        /\.(vue|ts)$/.test(path) &&
        /^(admin|store)\//.test(path) &&
        importsValue(join(release.folder, path)),
    ),
  )
const importsValue = (file: string) =>
  /^import (?!type\b)[^'"]*from ['"]\.\.\/api\//m.test(readFileSync(file, 'utf8'))

/** What dies young dies early: 80 MB less, and no slower. */
const leanHeap = ['--max-semi-space-size=4']

/** The bundler's own allocator keeps what it once had, and takes more than it needs: 270 MB of 690. */
const leanBundler = { MIMALLOC_ARENA_EAGER_COMMIT: '0', MIMALLOC_PURGE_DELAY: '0' }

async function compileFresh(
  missing: readonly Surface[],
  { plan, paths, signal }: CompileInput,
): Promise<ReadonlyMap<Surface, Files>> {
  const out = mkdtempSync(join(tmpdir(), 'compose-compile-'))
  const services = plan.services.flatMap(({ name, plugin, entryFile }) =>
    entryFile === undefined
      ? []
      : [[name, join(paths.work, 'plugins', plugin, entryFile)] as const],
  )
  const machines = machinesOf(plan.deployment.platforms ?? [])
  const task: CompileTask = {
    paths,
    surfaces: missing,
    out,
    services: Object.fromEntries(services),
    isEmbedded: plan.deployment.database === 'embedded',
    natives: plan.plugins.flatMap(({ release, native }) =>
      native === undefined ? [] : [{ plugin: release.name, packages: native, machines }],
    ),
  }
  try {
    const run = await execa(
      process.execPath,
      [...leanHeap, programBeside(import.meta.filename, 'vite-child'), JSON.stringify(task)],
      {
        cwd: paths.work,
        // Decides between development and production inside Vue and others; it must be the same in every build.
        env: { NODE_ENV: 'production', NODE_COMPILE_CACHE: compiledCodeFolder, ...leanBundler },
        stdin: 'ignore',
        reject: false,
        timeout: 300_000,
        cancelSignal: signal,
      },
    )
    if (run.exitCode !== 0)
      throw new Error(
        `the bundler ended with ${run.exitCode ?? run.signal}: ${run.stderr.slice(0, 4000)}`,
      )
    const { problems = [] } = JSON.parse(run.stdout) as CompileAnswer // the child's own words
    if (problems.length > 0) throw new Refused(problems)
    return new Map(
      missing.map((surface) => [
        surface,
        surface === 'server'
          ? read(join(out, 'server'), '')
          : read(join(out, 'public', surface), `public/${surface}/`),
      ]),
    )
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** Files below a folder under their path in the distribution, without the entries that only kept exports. */
function read(folder: string, prefix: string): Files {
  const files = new Map<string, Uint8Array>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /^keep-(client|server)-/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    files.set(prefix + path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path))
  }
  return files
}

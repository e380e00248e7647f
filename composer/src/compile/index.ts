import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Cache, Files } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import type { Paths } from '../cache/paths.ts'
import type { Bundles, Surface } from '../model/bundles.ts'
import type { GeneratedTree } from '../model/generated-tree.ts'
import { machinesOf, ownMachine } from '../model/platform.ts'
import type { Plan } from '../model/plan.ts'
import type { Bundler } from './bundler.ts'
import { embeddedFiles } from './embedded-files.ts'
import { names, stagedFiles, stateOf, type Staged } from './inputs.ts'
import type { CompileTask } from './task.ts'

export interface CompileInput {
  readonly plan: Plan
  readonly tree: GeneratedTree
  readonly paths: Paths
  readonly cache: Cache
  /** Hash of core, of this composer and of the npm packages both stand on. */
  readonly coreHash: string
  /** Is used where anything has to be compiled. */
  readonly bundler: Bundler
  /** Is told, before anything is compiled, what has to be. */
  readonly onMissing: (missing: readonly Surface[]) => void
}

const surfaces: readonly Surface[] = ['server', 'admin', 'store']

/** Compiles server, admin and store, each from the cache where what it is made of is as it was. */
export async function compile(input: CompileInput): Promise<Bundles> {
  const { plan, cache } = input
  const staged = stagedFiles(plan, input.tree)
  const found = new Map<Surface, Files>()
  for (const surface of surfaces) {
    const inputs = cache.get(inputsKey(surface, staged, input))?.get('inputs')
    const files =
      inputs &&
      cache.get(bundleKey(surface, JSON.parse(asText(inputs)) as readonly string[], staged, input)) // written below
    if (files) found.set(surface, files)
  }
  const asBefore = [...found.keys()]
  const missing = surfaces.filter((surface) => !found.has(surface))
  input.onMissing(missing)
  if (missing.length === 0) input.bundler.stop()
  else
    for (const [surface, { files, inputs }] of await compileFresh(missing, input)) {
      cache.put(bundleKey(surface, inputs, staged, input), files)
      cache.put(
        inputsKey(surface, staged, input),
        new Map([['inputs', Buffer.from(JSON.stringify(inputs))]]),
      )
      found.set(surface, files)
    }
  if (plan.deployment.database === 'embedded')
    found.set('server', new Map([...(found.get('server') ?? []), ...embeddedFiles()]))
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

const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

/** What decides which files a surface is made of, but those files themselves: core, names, packages, entries. */
function inputsKey(surface: Surface, staged: Staged, { plan, coreHash }: CompileInput): string {
  const ofServer = [
    plan.deployment.database,
    ...plan.services.flatMap(({ name, plugin, entryFile }) => [name, plugin, entryFile ?? '']),
    ...plan.plugins.flatMap(({ release, native }) =>
      native === undefined
        ? []
        : [release.name, ownMachine, ...machinesOf(plan.deployment.platforms ?? []), ...native],
    ),
  ]
  const packages = plan.plugins.flatMap(({ release, modules }) => [
    release.name,
    // The folder is named after what was locked.
    modules === undefined ? '' : basename(dirname(dirname(dirname(modules)))),
  ])
  const parts = [...(surface === 'server' ? ofServer : []), ...packages, ...names(staged)]
  return `inputs-${surface}-${hashOf(coreHash, ...parts).slice(7)}`
}

const bundleKey = (
  surface: Surface,
  inputs: readonly string[],
  staged: Staged,
  input: CompileInput,
) =>
  `compile-${surface}-${hashOf(inputsKey(surface, staged, input), stateOf(surface, inputs, staged)).slice(7)}`

interface Made {
  readonly files: Files
  /** Paths from the work folder. */
  readonly inputs: readonly string[]
}

async function compileFresh(
  missing: readonly Surface[],
  { plan, paths, coreHash, bundler }: CompileInput,
): Promise<ReadonlyMap<Surface, Made>> {
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
    coreHash,
    natives: plan.plugins.flatMap(({ release, native }) =>
      native === undefined ? [] : [{ plugin: release.name, packages: native, machines }],
    ),
  }
  try {
    const { problems = [], inputs = {} } = await bundler.run(task)
    if (problems.length > 0) throw new Refused(problems)
    return new Map(
      missing.map((surface) => [
        surface,
        {
          files:
            surface === 'server'
              ? read(join(out, 'server'), '')
              : read(join(out, 'public', surface), `public/${surface}/`),
          inputs: inputs[surface] ?? [],
        },
      ]),
    )
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** Files below a folder under their path in the distribution, without the entry that only kept exports. */
function read(folder: string, prefix: string): Files {
  const files = new Map<string, Uint8Array>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /^_kept[-.]/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    files.set(prefix + path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path))
  }
  return files
}

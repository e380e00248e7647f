import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createBuilder } from 'vite'
import { Refused } from '@bitcartcc/sdk/problem'
import type { CompileTask, CompileAnswer } from './task.ts'
import { doesNotCompile } from './problems.ts'
import { openCache } from '../cache/cache.ts'
import type { Surface } from '../model/bundles.ts'
import { coreBundle } from './core-bundle.ts'
import { reached, type CoreBundle } from './core-map.ts'
import { fromCore } from './from-core.ts'
import { ownerAmongPlugins } from './owners.ts'
import { inputsPlugin } from './inputs.ts'
import { shipNative } from './native.ts'
import { compileValidators } from './validators.ts'
import { stablePath, viteOptions } from './vite-options.ts'
import { vueCompiler } from './vue-compiler.ts'

// A program of its own, so that the memory of a bundler is given back. It is told its task as JSON and answers with JSON;
// what it makes lies in the task's folder.
const told = await text(process.stdin)
// Whoever started it found nothing to do, or is gone.
if (told !== '') {
  const task = JSON.parse(told) as CompileTask // written by compile/index.ts
  process.chdir(task.paths.work)
  const answer = await run(task).catch((error: unknown): CompileAnswer => {
    if (error instanceof Refused) return { problems: error.problems }
    throw error
  })
  process.stdout.write(JSON.stringify(answer))
}

async function run({
  paths,
  surfaces,
  out,
  services,
  natives,
  coreHash,
}: CompileTask): Promise<CompileAnswer> {
  const cores = new Map<Surface, CoreBundle>()
  for (const surface of surfaces) cores.set(surface, await coreBundle(surface, coreHash))
  const ownerOf = ownerAmongPlugins(paths)
  const vue = vueCompiler((file) => stablePath(paths.work, file))
  const inputs = new Map<string, readonly string[]>()
  const used = new Map<Surface, Set<string>>()
  const builder = await createBuilder(
    viteOptions(
      paths,
      surfaces,
      out,
      { services: new Map(Object.entries(services)), natives },
      ownerOf,
      [fromCore(cores, ownerOf, used), vue.plugin, inputsPlugin(paths.work, vue.typesOf, inputs)],
    ),
  )
  await builder.buildApp().catch((error: unknown) => {
    throw new Refused([doesNotCompile(error instanceof Error ? error.message : String(error))])
  })
  for (const [surface, core] of cores)
    addCore(core, used.get(surface) ?? [], join(out, surface === 'server' ? 'server' : 'public'))
  if (surfaces.includes('server')) {
    const folder = join(out, 'server')
    for (const native of natives) shipNative(native, paths, folder)
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
    const validators = await compileValidators(folder, join(out, 'schemas'), natives.length > 0, {
      cache: openCache(paths.cache),
      coreHash,
    })
    for (const [path, bytes] of validators) writeFileSync(join(folder, path), bytes)
  }
  return { inputs: Object.fromEntries(inputs) }
}

/** Adds what a surface came to import of core, and all that this leads to. */
function addCore({ files, map }: CoreBundle, used: Iterable<string>, folder: string): void {
  const wanted = new Set(reached(map, used, ({ static: now, lazy }) => [...now, ...lazy]))
  for (const [path, bytes] of files) {
    // Styles, fonts: what they are named by is in the text of other files.
    if (path in map.imports && !wanted.has(path)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

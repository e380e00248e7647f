import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createBuilder } from 'vite'
import { Refused } from '@bitcartcc/sdk/problem'
import type { CompileTask, CompileAnswer } from './task.ts'
import { doesNotCompile } from './problems.ts'
import { ownCache } from '../cache/own-cache.ts'
import { pathInCore } from '../house.ts'
import { inputsPlugin } from './inputs.ts'
import { emptyCluster } from '../cluster/index.ts'
import { shipNative } from './native.ts'
import { compileValidators } from './validators.ts'
import { stablePath, viteOptions } from './vite-options.ts'
import { vueCompiler } from './vue-compiler.ts'

// A program of its own, so that the memory of a bundler is given back: `node vite-child.ts TASK`. It answers with one
// line of JSON; what it makes lies in the task's folder.
const task = JSON.parse(process.argv[2] ?? '') as CompileTask // written by compile/index.ts
const answer = await run(task).catch((error: unknown): CompileAnswer => {
  if (error instanceof Refused) return { problems: error.problems }
  throw error
})
process.stdout.write(JSON.stringify(answer))

async function run({
  paths,
  surfaces,
  out,
  services,
  isEmbedded,
  natives,
  coreHash,
}: CompileTask): Promise<CompileAnswer> {
  const ofCore = ownCache()
  const keyOf = (app: string) => `components-${app}-${coreHash.slice(7)}`
  const vue = vueCompiler({
    stablePath: (file) => stablePath(paths, file),
    isOfCore: (file) => pathInCore(file) !== undefined,
    known: (app) => ofCore.get(keyOf(app)),
  })
  const inputs = new Map<string, readonly string[]>()
  const builder = await createBuilder(
    viteOptions(
      paths,
      surfaces,
      out,
      { services: new Map(Object.entries(services)), natives },
      { vue: vue.plugin, inputs: inputsPlugin(paths.work, vue.typesOf, inputs) },
    ),
  )
  await builder.buildApp().catch((error: unknown) => {
    throw new Refused([doesNotCompile(error instanceof Error ? error.message : String(error))])
  })
  for (const [app, steps] of vue.made) ofCore.put(keyOf(app), steps)
  if (surfaces.includes('server')) {
    const folder = join(out, 'server')
    if (isEmbedded) await addEmbedded(folder)
    for (const native of natives) shipNative(native, paths, folder)
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
    writeFileSync(
      join(folder, 'validators.js'),
      await compileValidators(folder, join(out, 'schemas'), natives.length > 0),
    )
  }
  return { inputs: Object.fromEntries(inputs) }
}

/** PGlite reads these beside the chunk it is in; the bundler does not see that it does. */
async function addEmbedded(folder: string): Promise<void> {
  const from = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))
  mkdirSync(join(folder, 'chunks'), { recursive: true })
  for (const name of ['pglite.wasm', 'pglite.data', 'initdb.wasm'])
    cpSync(join(from, name), join(folder, 'chunks', name))
  // What a first start would take four seconds to make.
  writeFileSync(join(folder, 'chunks/empty-database.tar.zst'), await emptyCluster())
}

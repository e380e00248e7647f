import { createRequire } from 'node:module'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import type * as Compiler from 'vue/compiler-sfc'
import type { Files } from '../cache/cache.ts'

export interface VueCompilerInput {
  /** A name for a file that is the same wherever the build stands. */
  readonly stablePath: (file: string) => string
  readonly isOfCore: (file: string) => boolean
  /** What was made of core's components before, for an app: by core's files alone. Undefined: nothing. */
  readonly known: (app: string) => Files | undefined
}

/** Vue's compiler as a plugin of the bundler, with what is worth knowing of its work. */
export interface VueCompiler {
  readonly plugin: Plugin
  /** Files whose types a component's props were read from; no import in its code tells of them. */
  readonly typesOf: (component: string) => readonly string[]
  /** What was made of core's components, app → step → JSON; empty where all of it was known. */
  readonly made: ReadonlyMap<string, Files>
}

const require = createRequire(import.meta.url)
// As the plugin itself takes it: imported, it would be another, that cannot read types of other files.
const compiler = require('vue/compiler-sfc') as typeof Compiler // its own types
// What it finds by itself is TypeScript 7, which has no such API. Loaded where a component's props need it, and only there.
compiler.registerTS(() => (require('ts-morph') as { readonly ts: Ts }).ts) // the same API, under a name of its own
type Ts = ReturnType<Parameters<typeof compiler.registerTS>[0]>

type Hook = 'load' | 'transform'
type Handler = (this: Context, ...args: unknown[]) => unknown
interface Context {
  readonly environment: { readonly name: string }
}

/** Compiles components of plugins, and of core those that it is not told of: the same text gives the same code. */
export function vueCompiler({ stablePath, isOfCore, known }: VueCompilerInput): VueCompiler {
  const types = new Map<string, readonly string[]>()
  const made = new Map<string, Map<string, Uint8Array>>()
  const plugin = vue({
    compiler: {
      ...compiler,
      compileScript(descriptor, options) {
        const script = compiler.compileScript(descriptor, options)
        types.set(descriptor.filename, script.deps ?? [])
        return script
      },
    },
    features: {
      componentIdGenerator: (file, source, _, hash) => hash(stablePath(file) + (source ?? '')),
    },
  })
  const kept = new Map<string, Files>()
  const knownOf = (app: string) => {
    const found = kept.get(app) ?? known(app) ?? new Map<string, Uint8Array>()
    kept.set(app, found)
    return found
  }
  const once = (hook: Hook, idAt: number, handler: Handler): Handler =>
    async function (...args) {
      const [file = '', query = ''] = String(args[idAt]).split('?', 2)
      if (!isOfCore(file)) return handler.apply(this, args)
      const app = this.environment.name
      const step = `${hook} ${stablePath(file)}?${query}`
      const found = knownOf(app).get(step)
      if (found) return JSON.parse(Buffer.from(found).toString('utf8')) as unknown // written below
      // That there is nothing to be made of it, too: the compiler reads the whole component to know.
      const result = (await handler.apply(this, args)) ?? null
      const mine = made.get(app) ?? new Map<string, Uint8Array>()
      made.set(app, mine.set(step, Buffer.from(JSON.stringify(result))))
      return result
    }
  for (const [hook, idAt] of [
    ['load', 0],
    ['transform', 1],
  ] as const) {
    const given = plugin[hook]
    if (typeof given !== 'object') throw new Error(`the plugin of Vue has no ${hook} of its own`)
    given.handler = once(hook, idAt, given.handler as Handler) as never // the same hook, around what it was
  }
  return { plugin, typesOf: (component) => types.get(component) ?? [], made }
}

import { createRequire } from 'node:module'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import type * as Compiler from 'vue/compiler-sfc'
import { typescriptForProps } from './prop-types.ts'

/** Vue's compiler as a plugin of the bundler, with what is worth knowing of its work. */
export interface VueCompiler {
  readonly plugin: Plugin
  /** Files whose types a component's props were read from; no import in its code tells of them. */
  readonly typesOf: (component: string) => readonly string[]
}

const require = createRequire(import.meta.url)
// As the plugin itself takes it: imported, it would be another, that cannot read types of other files.
const compiler = require('vue/compiler-sfc') as typeof Compiler // its own types
compiler.registerTS(() => typescriptForProps)

/**
 * The plugin of Vue, with the compiler that this composer pins.
 *
 * `stablePath` gives a file a name that is the same wherever the build stands.
 */
export function vueCompiler(stablePath: (file: string) => string): VueCompiler {
  const types = new Map<string, readonly string[]>()
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
  return { plugin, typesOf: (component) => types.get(component) ?? [] }
}

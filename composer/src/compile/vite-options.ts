import { join, resolve } from 'node:path'
import {
  defaultClientConditions,
  defaultServerConditions,
  type EnvironmentOptions,
  type InlineConfig,
  type Plugin,
} from 'vite'
import type { Paths } from '../cache/paths.ts'
import { pathInCore } from '../house.ts'
import type { Surface } from '../model/bundles.ts'
import { keeps } from '../model/keeps.ts'
import { nativePackages } from './native.ts'
import { ownersOf } from './owners.ts'
import type { NativeOfPlugin } from './task.ts'

/** Plugins of the bundler that all surfaces share. */
export interface Shared {
  readonly vue: Plugin
  readonly inputs: Plugin
}
export interface ServerInput {
  /** Service → absolute file of its program. */
  readonly services: ReadonlyMap<string, string>
  readonly natives: readonly NativeOfPlugin[]
}

/** One Vite build with an environment for each surface, all in one process; only those asked for are built. */
export function viteOptions(
  paths: Paths,
  surfaces: readonly Surface[],
  out: string,
  ofServer: ServerInput,
  shared: Shared,
): InlineConfig {
  return {
    configFile: false,
    envFile: false,
    root: paths.work,
    base: '/',
    appType: 'custom',
    logLevel: 'silent',
    mode: 'production',
    cacheDir: join(paths.work, '.vite'),
    // Else a setting of the folder around would be looked for.
    css: { postcss: {} },
    plugins: [
      shared.vue,
      lightServer(paths),
      nativePackages(paths, ofServer.natives),
      shared.inputs,
    ],
    resolve: {
      dedupe: [
        'vue',
        'vue-router',
        'fastify',
        'kysely',
        'pg',
        'typebox',
        '@bitcartcc/sdk',
        '@bitcartcc/ui',
      ],
    },
    builder: {
      sharedConfigBuild: true,
      sharedPlugins: true,
      async buildApp(builder) {
        for (const surface of surfaces) {
          const environment = builder.environments[surface]
          if (environment) await builder.build(environment)
        }
      },
    },
    environments: Object.fromEntries(
      surfaces.map((surface) => [
        surface,
        surface === 'server' ? server(paths, out, ofServer) : app(paths, out, surface),
      ]),
    ),
  }
}

/** Core is compiled from its source, also where its packages carry JavaScript: the bytes are the same either way. */
const source = 'bitcartcc-source'

/** The plugin names a file from the root of the build, which may stand anywhere. */
export function stablePath(paths: Paths, file: string): string {
  const path = resolve(paths.work, file)
  const ofCore = pathInCore(path)
  return ofCore === undefined ? path.slice(paths.work.length).replaceAll('\\', '/') : `/${ofCore}`
}

/** A chunk that only opens a lazy part of core or vendor says so by its name. */
function ownerPrefix(paths: Paths, name: string, facade: string | null): string {
  if (facade === null || /^(vendor|core)-?/.test(name)) return ''
  if (pathInCore(facade) !== undefined) return 'core-'
  if (facade.includes('node_modules')) return 'vendor-'
  return facade.startsWith(join(paths.work, 'plugins')) ? '' : 'core-'
}

const keepInputs = (paths: Paths, side: 'client' | 'server') =>
  Object.fromEntries(
    keeps
      .filter(([name]) => name.startsWith(side))
      .map(([name]) => [`keep-${name}`, join(paths.work, `keep/${name}.ts`)]),
  )

function chunks(paths: Paths) {
  const ownerOf = ownersOf(paths)
  return {
    // Else a chunk takes in all that its modules import, whoever owns it.
    includeDependenciesRecursively: false,
    groups: [
      {
        name: (id: string, context: Parameters<typeof ownerOf>[1]) => ownerOf(id, context) ?? null,
      },
    ],
  }
}

function app(paths: Paths, out: string, surface: 'admin' | 'store'): EnvironmentOptions {
  return {
    consumer: 'client',
    resolve: { conditions: [source, ...defaultClientConditions] },
    build: {
      outDir: join(out, 'public'),
      emptyOutDir: false,
      assetsDir: `${surface}/assets`,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2022',
      reportCompressedSize: false,
      minify: true,
      rolldownOptions: {
        input: {
          ...keepInputs(paths, 'client'),
          [surface]: join(paths.work, surface, 'index.html'),
        },
        preserveEntrySignatures: 'allow-extension',
        onLog: quiet,
        output: {
          minifyInternalExports: false,
          codeSplitting: chunks(paths),
        },
      },
    },
  }
}

function server(paths: Paths, out: string, { services }: ServerInput): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true, conditions: [source, ...defaultServerConditions] },
    build: {
      ssr: true,
      outDir: join(out, 'server'),
      emptyOutDir: false,
      target: 'node24',
      minify: true,
      reportCompressedSize: false,
      rolldownOptions: {
        input: {
          ...keepInputs(paths, 'server'),
          server: join(paths.work, 'server.ts'),
          ...Object.fromEntries([...services].map(([name, file]) => [`services/${name}`, file])),
        },
        platform: 'node',
        preserveEntrySignatures: 'allow-extension',
        onLog: quiet,
        output: {
          format: 'esm',
          entryFileNames: '[name].js',
          chunkFileNames: ({ name, facadeModuleId }) =>
            `chunks/${ownerPrefix(paths, name, facadeModuleId)}[name]-[hash].js`,
          minifyInternalExports: false,
          codeSplitting: chunks(paths),
        },
      },
    },
  }
}

/** Leaves out what only running from source needs: the compilers of validators and serialisers. */
function lightServer(paths: Paths): Plugin {
  const left = new Map([
    [
      '@bitcartcc/api/compilers',
      'export const compileNow = () => { throw new Error("validators.js is missing from this distribution") }',
    ],
    ['@fastify/ajv-compiler', 'export default () => () => () => true'],
    [
      '@fastify/fast-json-stringify-compiler',
      'export default { SerializerSelector: () => () => JSON.stringify }\nexport const SerializerSelector = () => () => JSON.stringify',
    ],
  ])
  return {
    name: 'compose:light-server',
    enforce: 'pre',
    resolveId: (id) =>
      left.has(id) ? join(paths.work, `left-out/${id.replaceAll('/', '-')}.js`) : undefined,
    load: (id) => {
      for (const [name, text] of left)
        if (id === join(paths.work, `left-out/${name.replaceAll('/', '-')}.js`)) return text
      return undefined
    },
  }
}

type Quiet = (
  level: string,
  log: { code?: string; id?: string; message: string },
  handle: (level: 'warn', log: { message: string }) => void,
) => void
// PGlite evaluates text to reach Node's require; nothing else may.
const quiet: Quiet = (level, log, handle) => {
  if (level === 'warn' && log.code !== 'EVAL' && log.code !== 'PLUGIN_TIMINGS') handle('warn', log)
}

import { join, resolve } from 'node:path'
import {
  defaultClientConditions,
  defaultServerConditions,
  type EnvironmentOptions,
  type InlineConfig,
  type Plugin,
} from 'vite'
import type { Paths } from '../cache/paths.ts'
import { composerFolder, pathInCore } from '../house.ts'
import type { Surface } from '../model/bundles.ts'
import { nativePackages } from './native.ts'
import { doorOwner } from './from-core.ts'
import { lightServer } from './light-server.ts'
import { ownerInCore, type OwnerOf } from './owners.ts'
import { keptEntry, kept } from './kept.ts'
import type { NativeOfPlugin } from './task.ts'

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
  { services, natives }: ServerInput,
  ownerOf: OwnerOf,
  plugins: readonly Plugin[],
): InlineConfig {
  const environment = (surface: Surface) =>
    surface === 'server'
      ? server(
          {
            _kept: keptEntry,
            server: join(paths.work, 'server.ts'),
            program: join(paths.work, 'program.ts'),
            ...Object.fromEntries([...services].map(([name, file]) => [`services/${name}`, file])),
          },
          join(out, 'server'),
          ownerOf,
        )
      : app(
          surface,
          { _kept: keptEntry, [surface]: join(paths.work, surface, 'index.html') },
          join(out, 'public'),
          ownerOf,
        )
  return {
    ...shared,
    root: paths.work,
    cacheDir: join(paths.work, '.vite'),
    plugins: [kept, ...plugins, nativePackages(paths, natives)],
    // What a plugin brings itself is its own; these are core's, whoever brings them.
    resolve: { dedupe: ['vue', 'vue-router', '@bitcartcc/sdk', '@bitcartcc/ui'] },
    builder: {
      sharedConfigBuild: true,
      sharedPlugins: true,
      async buildApp(builder) {
        for (const surface of surfaces) {
          const found = builder.environments[surface]
          if (found) await builder.build(found)
        }
      },
    },
    environments: Object.fromEntries(surfaces.map((each) => [each, environment(each)])),
  }
}

/** Core alone, for one surface; nothing is written. */
export function coreOptions(
  surface: Surface,
  entries: Readonly<Record<string, string>>,
  plugins: readonly Plugin[],
): InlineConfig {
  const environment =
    surface === 'server'
      ? server(entries, 'server', ownerInCore)
      : app(surface, entries, 'public', ownerInCore)
  return {
    ...shared,
    root: composerFolder,
    plugins: [...plugins, lightServer],
    environments: {
      [surface]: { ...environment, build: { ...environment.build, write: false } },
    },
  }
}

const shared: InlineConfig = {
  configFile: false,
  envFile: false,
  publicDir: false,
  base: '/',
  appType: 'custom',
  logLevel: 'silent',
  mode: 'production',
  // Else a setting of the folder around would be looked for.
  css: { postcss: {} },
}

/** Core is compiled from its source, also where its packages carry JavaScript: the bytes are the same either way. */
const source = 'bitcartcc-source'

/** The plugin of Vue names a file from the root of the build, which may stand anywhere. */
export function stablePath(work: string, file: string): string {
  const path = resolve(work, file)
  const ofCore = pathInCore(path)
  return ofCore === undefined ? path.slice(work.length).replaceAll('\\', '/') : `/${ofCore}`
}

/** A chunk that only opens a lazy part of core or vendor says so by its name. */
function ownerPrefix(ownerOf: OwnerOf, name: string, facade: string | null): string {
  if (facade === null || /^(vendor|core)-?/.test(name)) return ''
  if (doorOwner(facade) !== undefined) return 'core-'
  return /^(vendor|core)(?=-|$)/.exec(ownerOf(facade) ?? '')?.[0].concat('-') ?? ''
}

function chunks(ownerOf: OwnerOf) {
  return {
    // Else a chunk takes in all that its modules import, whoever owns it.
    includeDependenciesRecursively: false,
    groups: [{ name: (id: string) => ownerOf(id) ?? null }],
  }
}

/** Nobody reads how long each plugin of the bundler took. */
const checks = { pluginTimings: false }

/** Of a package that says it has no side effects, only the modules that are asked for are read: of the kit's, 37 of 588. */
const experimental = { lazyBarrel: true }

type Entries = Readonly<Record<string, string>>

function app(
  surface: 'admin' | 'store',
  input: Entries,
  outDir: string,
  ownerOf: OwnerOf,
): EnvironmentOptions {
  return {
    consumer: 'client',
    resolve: { conditions: [source, ...defaultClientConditions] },
    build: {
      outDir,
      emptyOutDir: false,
      assetsDir: `${surface}/assets`,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2022',
      reportCompressedSize: false,
      minify: true,
      rolldownOptions: {
        input,
        preserveEntrySignatures: 'allow-extension',
        onLog: quiet,
        checks,
        experimental,
        output: { minifyInternalExports: false, codeSplitting: chunks(ownerOf) },
      },
    },
  }
}

function server(input: Entries, outDir: string, ownerOf: OwnerOf): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true, conditions: [source, ...defaultServerConditions] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: true,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        platform: 'node',
        preserveEntrySignatures: 'allow-extension',
        onLog: quiet,
        checks,
        experimental,
        output: {
          format: 'esm',
          entryFileNames: '[name].js',
          chunkFileNames: ({ name, facadeModuleId }) =>
            `chunks/${ownerPrefix(ownerOf, name, facadeModuleId)}[name]-[hash].js`,
          minifyInternalExports: false,
          codeSplitting: chunks(ownerOf),
        },
      },
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
  if (level === 'warn' && log.code !== 'EVAL') handle('warn', log)
}

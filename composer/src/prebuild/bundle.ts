import { join } from 'node:path'
import { isBuiltin } from 'node:module'
import vue from '@vitejs/plugin-vue'
import {
  createBuilder,
  defaultClientConditions,
  defaultServerConditions,
  type EnvironmentOptions,
  type Plugin,
} from 'vite'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { doesNotCompile } from './problems.ts'
import { compiledName, type CodeFile } from '../read/code-files.ts'

export interface BundleInput {
  /** The plugin's files with its npm packages and its `plugin.gen.ts`, absolute. */
  readonly folder: string
  readonly name: string
  readonly code: readonly CodeFile[]
  /** What core gives to plugins: it stays outside. */
  readonly core: readonly string[]
}

/** Path in the archive → bytes; or why there are none. */
export interface BundleAnswer {
  readonly files: Files
  readonly problems: readonly Problem[]
}
type Files = ReadonlyMap<string, Uint8Array>

/** Compiles a plugin's code with its npm packages inside: for each file the manifest names one of JavaScript beside it. */
export async function bundlePlugin(input: BundleInput): Promise<Files> {
  const files = new Map<string, Uint8Array>()
  const isOfCore = (id: string) =>
    isBuiltin(id) || input.core.some((each) => id === each || id.startsWith(`${each}/`))
  const environment = (side: CodeFile['side']): EnvironmentOptions | undefined => {
    const entry = Object.fromEntries(
      input.code
        .filter((each) => each.side === side)
        .map(({ file }) => [compiledName(file).replace(/\.js$/, ''), join(input.folder, file)]),
    )
    if (Object.keys(entry).length === 0) return undefined
    const shared = side === 'server' ? 'api/shared' : 'shared'
    return {
      consumer: side,
      resolve: {
        ...(side === 'server' ? { noExternal: true } : {}),
        conditions: [...(side === 'server' ? defaultServerConditions : defaultClientConditions)],
      },
      build: {
        write: false,
        minify: false,
        target: side === 'server' ? 'node24' : 'es2022',
        reportCompressedSize: false,
        cssCodeSplit: true,
        lib: { entry, formats: ['es'] },
        rolldownOptions: {
          external: isOfCore,
          // Else paths of this machine stand in comments.
          experimental: { attachDebugInfo: 'none' },
          ...(side === 'server' ? { platform: 'node' } : {}),
          output: {
            entryFileNames: '[name].js',
            chunkFileNames: `${shared}/[name]-[hash].js`,
            assetFileNames: `${shared}/[name]-[hash][extname]`,
          },
        },
      },
    }
  }
  const sides = (['server', 'client'] as const).flatMap((side) => {
    const options = environment(side)
    return options ? [[side === 'server' ? 'server' : 'pages', options] as const] : []
  })
  const builder = await createBuilder({
    configFile: false,
    envFile: false,
    root: input.folder,
    logLevel: 'silent',
    mode: 'production',
    css: { postcss: {} },
    cacheDir: join(input.folder, '.vite'),
    plugins: [
      vue({
        features: {
          // Of the path inside of the plugin: the archive is the same from any folder.
          componentIdGenerator: (file, source, _, hash) =>
            hash(
              `${input.name}/${file.replace(input.folder, '').replaceAll('\\', '/')}${source ?? ''}`,
            ),
        },
      }),
      stylesOfChunks(),
    ],
    environments: Object.fromEntries(sides),
  })
  for (const [name] of sides) {
    const built = builder.environments[name]
    if (!built) continue
    const output = await builder.build(built).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      throw new Refused([doesNotCompile(message, input.folder)])
    })
    for (const each of [output].flat())
      for (const part of 'output' in each ? each.output : [])
        files.set(
          part.fileName,
          part.type === 'chunk' ? Buffer.from(part.code) : Buffer.from(part.source),
        )
  }
  return files
}

/** A library's styles lie beside it; here each file imports those that it needs, so that whoever bundles it has them. */
function stylesOfChunks(): Plugin {
  return {
    name: 'compose:styles-of-chunks',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        const up = '../'.repeat(chunk.fileName.split('/').length - 1) || './'
        for (const style of chunk.viteMetadata?.importedCss ?? [])
          chunk.code = `import '${up}${style}'\n${chunk.code}`
      }
    },
  }
}

import { readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ResolverFactory } from 'rolldown/experimental'
import type { registerTS } from 'vue/compiler-sfc'
import { pathInCore } from '../house.ts'

type Typescript = ReturnType<Parameters<typeof registerTS>[0]>
type Resolved = ReturnType<Typescript['resolveModuleName']>

/**
 * TypeScript, as far as Vue's compiler needs it to find the types that the props of components are imported with.
 *
 * Loading it takes as long as compiling a hundred of them, and the bundler's resolver follows the same rules: it is loaded
 * only where a tsconfig has rules of its own, and for what that resolver does not find.
 */
export const typescriptForProps: Typescript = new Proxy({} as Typescript, {
  get: (_, name: keyof Typescript) => (loaded ? resolving : alone)[name] ?? typescript()[name],
})

let loaded: Typescript | undefined
function typescript(): Typescript {
  // What Vue's compiler finds by itself is TypeScript 7, which has no such API. This is the same, under a name of its own.
  const morph = createRequire(import.meta.url)('ts-morph') as { readonly ts: Typescript }
  return (loaded ??= morph.ts)
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

const resolving: Partial<Typescript> = {
  findConfigFile: (file, ...asked) =>
    hasRules(file) ? typescript().findConfigFile(file, ...asked) : undefined,
  resolveModuleName(source, file, options, host, cache) {
    if (options.configFilePath !== undefined)
      return typescript().resolveModuleName(source, file, options, host, cache)
    const { path, packageJsonPath } = resolver.resolveDtsSync(file, source)
    if (path !== undefined && isFile(path) && !hasVersions(packageJsonPath))
      return { resolvedModule: { resolvedFileName: straight(source, path) } } as Resolved // nothing else of it is read
    const { ModuleKind, ModuleResolutionKind, resolveModuleName } = typescript()
    const rules = { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler }
    return resolveModuleName(source, file, rules, host, cache)
  },
}
const alone: Partial<Typescript> = {
  ...resolving,
  sys: {
    fileExists: isFile,
    readFile: (path: string) => (isFile(path) ? readFileSync(path, 'utf8') : undefined),
    realpath: realpathSync,
  } as Partial<Typescript['sys']> as Typescript['sys'], // all of it that is asked for
}

/** Reads no tsconfig. */
const resolver = new ResolverFactory({ conditionNames: ['types', 'import'] })

/**
 * What a schema's type is, without the 160 files that typebox's front door opens, each of which would be parsed. No props can be
 * read from any of them.
 */
function straight(source: string, path: string): string {
  const direct = join(dirname(path), 'type/types/static.d.mts')
  return source === 'typebox' && isFile(direct) ? direct : path
}

/** Whether a package has types for some versions of TypeScript; that resolver does not compare them. */
const hasVersions = (packageJson: string | undefined) =>
  packageJson !== undefined && readFileSync(packageJson, 'utf8').includes('"types@')

/** Whether the tsconfig of a file may have its imports lead elsewhere. Core's does not. */
function hasRules(file: string): boolean {
  if (pathInCore(file) !== undefined) return false
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const config = join(folder, 'tsconfig.json')
    if (isFile(config)) return rules.test(readFileSync(config, 'utf8'))
    if (dirname(folder) === folder) return false
  }
}
const rules = /"(extends|references|paths|baseUrl|rootDirs|customConditions|moduleSuffixes)"/

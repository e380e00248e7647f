import { parseDocument } from 'yaml'
import type { Manifest } from '@bitcartcc/sdk/manifest'
import { Refused } from '@bitcartcc/sdk/problem'
import { runChild } from '../check/run-child.ts'
import { programBeside } from '../house.ts'
import type { BundleAnswer, BundleInput } from './bundle.ts'
import { codeFilesOf, compiledName, type CodeFile } from '../read/code-files.ts'

const limits = { timeoutMs: 120_000, maxHeapMb: 1024 }

export interface PrebuildInput {
  readonly manifest: Manifest
  /** The plugin's own files, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** The same laid out with its npm packages and its `plugin.gen.ts`, absolute. */
  readonly folder: string
  /** What core gives to plugins. */
  readonly core: readonly string[]
}

/**
 * Gives the files of a plugin's archive with its code compiled and its npm packages inside: nothing is installed where it is
 * selected, and no compiler of types is needed to read it.
 *
 * What is no code stays as it is; manifest and package.json name what became of it.
 */
export async function prebuild(input: PrebuildInput): Promise<ReadonlyMap<string, Uint8Array>> {
  const code = codeFilesOf(input.manifest)
  const order: BundleInput = {
    folder: input.folder,
    name: input.manifest.name,
    code,
    core: input.core,
  }
  const program = programBeside(import.meta.filename, 'bundle-child')
  const { files: compiled, problems } = await runChild<BundleAnswer>(program, order, limits)
  if (problems.length > 0) throw new Refused(problems)
  const kept = [...input.files].filter(([path]) => !isCode(path))
  return new Map<string, Uint8Array>([
    ...kept,
    ...compiled,
    ...code.map(typesOf),
    ['plugin.yaml', manifestOf(input.files.get('plugin.yaml'), code)],
    ['package.json', packageOf(input.files.get('package.json'), input)],
  ])
}

const isCode = (path: string) => /\.(vue|[cm]?[jt]sx?|css)$/.test(path) || path === 'tsconfig.json'

/** The manifest with its comments, naming the compiled files. */
function manifestOf(bytes: Uint8Array | undefined, code: readonly CodeFile[]): Uint8Array {
  const document = parseDocument(Buffer.from(bytes ?? []).toString('utf8'))
  for (const { file, path } of code) document.setIn(path, `./${compiledName(file)}`)
  return Buffer.from(document.toString({ lineWidth: 0 }))
}

/** What core gives is asked for still; everything else is inside. */
function packageOf(bytes: Uint8Array | undefined, { manifest, core }: PrebuildInput): Uint8Array {
  const { dependencies, peerDependencies } = JSON.parse(
    bytes ? Buffer.from(bytes).toString('utf8') : '{}',
  ) as Readonly<Record<string, Readonly<Record<string, string>> | undefined>> // read at lock
  const asked = Object.entries({ ...dependencies, ...peerDependencies })
    .filter(([name, range]) => core.includes(name) && !range.startsWith('workspace:'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.from(
    `${JSON.stringify(
      {
        name: manifest.name,
        version: manifest.version,
        license: manifest.license,
        type: 'module',
        ...(asked.length > 0 ? { peerDependencies: Object.fromEntries(asked) } : {}),
      },
      null,
      2,
    )}\n`,
  )
}

/** Its author's code was checked when it was packed: here it is what its place asks for. */
function typesOf({ file, gives }: CodeFile): readonly [string, Uint8Array] {
  const name = compiledName(file).replace(/\.js$/, '.d.ts')
  const text =
    gives === undefined
      ? 'export {}\n'
      : gives === 'Component'
        ? "import type { DefineComponent } from 'vue'\ndeclare const component: DefineComponent<object>\nexport default component\n"
        : `import type { ${gives} } from '@bitcartcc/sdk/server'\ndeclare const given: ${gives}\nexport default given\n`
  return [name, Buffer.from(text)]
}

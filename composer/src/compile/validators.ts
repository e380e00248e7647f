import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'rolldown'
import type { compileAhead } from '@bitcartcc/api/compilers'
import type { Cache, Files } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import { ownCache } from '../cache/own-cache.ts'
import { bundleDoesNotLoad } from './problems.ts'
import { Refused } from '@bitcartcc/sdk/problem'

const timeLimitMs = 30_000

type Schemas = Parameters<typeof compileAhead>[0]

/**
 * Compiles the validators and serialisers of all routes: `validators.js`, which joins a chunk of core's and one of each plugin.
 *
 * Route schemas are values, so the server bundle is loaded once, in a child with an empty environment, no rights but to
 * read the bundle and write one file into the folder given, 30 s and 512 MB; machine code is loaded where it was granted.
 */
export async function compileValidators(
  bundle: string,
  folder: string,
  hasAddons: boolean,
  { cache, coreHash }: { readonly cache: Cache; readonly coreHash: string },
): Promise<Files> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'schemas.json')
  await run(
    [
      '--permission',
      ...(hasAddons ? ['--allow-addons'] : []),
      `--allow-fs-read=${bundle}`,
      `--allow-fs-write=${folder}`,
      '--max-old-space-size=512',
      join(bundle, 'server.js'),
      'schemas',
      file,
    ],
    folder,
  )
  const schemas = JSON.parse(readFileSync(file, 'utf8')) as Schemas // written by our own server program
  const chunks: [string, Uint8Array][] = []
  for (const [owner, own] of Map.groupBy(schemas, ownerOf)) {
    const code = await compiledOnce(own, owner === 'core' ? ownCache() : cache, coreHash)
    chunks.push([`chunks/${owner}-${hashOf(code).slice(7, 15)}.js`, code])
  }
  return new Map([...chunks, ['validators.js', Buffer.from(joined(chunks.map(([path]) => path)))]])
}

/** Runs Node with no environment. Not by a library: loading one takes a third as long as the program that is run. */
function run(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      args,
      { cwd, env: {}, timeout: timeLimitMs, killSignal: 'SIGKILL', maxBuffer: 64_000_000 },
      (error, stdout, stderr) => {
        if (!error) return resolve()
        const seconds = error.killed ? timeLimitMs / 1000 : undefined
        reject(new Refused([bundleDoesNotLoad(stdout + stderr, seconds)]))
      },
    )
    child.stdin?.end()
  })
}

/** `PUT /api/plugins/ratings/products/:id body` → `ratings`. */
const ownerOf = ({ id }: Schemas[number]) =>
  /^\w+ \/api\/plugins\/([a-z0-9-]+)(?=[/ ])/.exec(id)?.[1] ?? 'core'

/** Most changes of a route leave what it takes and gives as it is. */
async function compiledOnce(schemas: Schemas, cache: Cache, coreHash: string): Promise<Uint8Array> {
  const key = `validators-${hashOf(coreHash, JSON.stringify(schemas)).slice(7)}`
  const known = cache.get(key)?.get('code')
  if (known) return known
  const { compileAhead } = await import('@bitcartcc/api/compilers')
  const code = await bundled(compileAhead(schemas))
  cache.put(key, new Map([['code', code]]))
  return code
}

const joined = (paths: readonly string[]) => {
  const all = (kind: string) =>
    `export const ${kind}=Object.assign({},${paths.map((_, at) => `v${at}.${kind}`).join(',')});\n`
  return `${paths.map((path, at) => `import*as v${at} from"./${path}";\n`).join('')}${all('validators')}${all('serializers')}`
}

/** One file of it, with the helpers it imports. By the bundler alone: Vite around it would take longer than the bundling. */
async function bundled(text: string): Promise<Uint8Array> {
  const entry = '\0validators'
  const { output } = await build({
    input: 'validators',
    platform: 'node',
    write: false,
    logLevel: 'silent',
    transform: { target: 'node24' },
    plugins: [
      {
        name: 'compose:validators',
        resolveId: (id) => (id === 'validators' ? entry : undefined),
        load: (id) => (id === entry ? text : undefined),
      },
    ],
    output: { format: 'esm', minify: true },
  })
  return Buffer.from(output[0].code)
}

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { build } from 'vite'
import type { compileAhead } from '@bitcartcc/api/compilers'
import type { Cache } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import { bundleDoesNotLoad } from './problems.ts'
import { Refused } from '@bitcartcc/sdk/problem'

const timeLimitMs = 30_000

type Schemas = Parameters<typeof compileAhead>[0]

/**
 * Compiles the validators and serialisers of all routes into one module, `validators.js`.
 *
 * Route schemas are values, so the server bundle is loaded once, in a child with an empty environment, no rights but to
 * read the bundle and write one file into the folder given, 30 s and 512 MB; machine code is loaded where it was granted.
 */
export async function compileValidators(
  bundle: string,
  folder: string,
  hasAddons: boolean,
  { cache, coreHash }: { readonly cache: Cache; readonly coreHash: string },
): Promise<Uint8Array> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'schemas.json')
  const run = await execa(
    process.execPath,
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
    {
      env: {},
      extendEnv: false,
      cwd: folder,
      timeout: timeLimitMs,
      reject: false,
      stdin: 'ignore',
      all: true,
    },
  )
  if (run.exitCode !== 0) {
    const seconds = run.timedOut ? timeLimitMs / 1000 : undefined
    throw new Refused([bundleDoesNotLoad(run.all ?? '', seconds)])
  }
  // Most changes of a route leave what it takes and gives as it is.
  const text = readFileSync(file, 'utf8')
  const key = `validators-${hashOf(coreHash, text).slice(7)}`
  const known = cache.get(key)?.get('validators.js')
  if (known) return known
  const compilers = await import('@bitcartcc/api/compilers')
  const made = await bundled(compilers.compileAhead(JSON.parse(text) as Schemas)) // written by our own server program
  cache.put(key, new Map([['validators.js', made]]))
  return made
}

async function bundled(text: string): Promise<Uint8Array> {
  const entry = '\0validators'
  const result = await build({
    configFile: false,
    envFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'compose:validators',
        resolveId: (id) => (id === 'validators' ? entry : undefined),
        load: (id) => (id === entry ? text : undefined),
      },
    ],
    build: {
      ssr: true,
      write: false,
      minify: true,
      target: 'node24',
      rolldownOptions: { input: 'validators', platform: 'node', output: { format: 'esm' } },
    },
    ssr: { noExternal: true },
  })
  const [output] = Array.isArray(result) ? result : [result]
  const chunk = output && 'output' in output ? output.output[0] : undefined
  if (chunk?.type !== 'chunk') throw new Error('the validators came out as no chunk')
  return Buffer.from(chunk.code)
}

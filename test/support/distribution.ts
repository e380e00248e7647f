import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { parse, stringify } from 'yaml'
import { compose, plainEnv, root } from './compose.ts'
import { once, runFolder } from './once.ts'
import { wasmFlags } from './wasm-flags.ts'

export const standardSelection = join(root, 'dist-templates/selections/standard.yaml')

export interface Built {
  /** The distribution, `…/dist/standard`. */
  readonly folder: string
  /** The folder the command ran in: it holds `selection.yaml` and `dist/`. */
  readonly cwd: string
  /** The cache of this run, warm by now. */
  readonly cacheDir: string
}

/** The cache that all test files of this run share. */
export const sharedCacheDir = () => join(runFolder(), 'cache')

/** Builds the standard selection, once for the whole run. */
export async function builtStandard(): Promise<Built> {
  const cwd = await once('standard', async (folder) => {
    await mkdir(sharedCacheDir(), { recursive: true })
    await copyFile(standardSelection, join(folder, 'selection.yaml'))
    await built(['build', 'selection.yaml'], folder, sharedCacheDir())
  })
  return { folder: join(cwd, 'dist/standard'), cwd, cacheDir: sharedCacheDir() }
}

/** The same with gift-message in place of ratings, whose rows are exported where there are any; built once, too. */
export async function builtWithPresents(): Promise<string> {
  const standard = await builtStandard()
  const cwd = await once('with-presents', async (folder) => {
    await takeLock(standard, folder)
    const { plugins, ...asked } = parse(await readFile(standardSelection, 'utf8')) as {
      readonly plugins: Readonly<Record<string, unknown>>
    } // our own file
    const { ratings: _left, ...others } = plugins
    const selection = {
      ...asked,
      plugins: { ...others, 'gift-message': '^1.0.0' },
      removed: { ratings: 'export' },
    }
    await writeFile(join(folder, 'selection.yaml'), stringify(selection))
    await built(['build', 'selection.yaml'], folder, standard.cacheDir)
  })
  return join(cwd, 'dist/standard')
}

/** Gives a folder the lock of the standard build: what is locked need not be chosen anew by pnpm, which takes a second. */
export async function takeLock({ cwd }: Built, to: string): Promise<void> {
  await copyFile(join(cwd, 'selection.lock'), join(to, 'selection.lock'))
}

/** Runs `compose` and insists that it was not refused. */
export async function built(
  args: readonly string[],
  cwd: string,
  cacheDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const run = await compose(args, { cwd, cacheDir, env })
  if (run.exitCode !== 0)
    throw new Error(`compose ${args.join(' ')} ended with ${run.exitCode}\n${run.stderr}`)
  return run.stdout
}

export interface Served {
  /** `http://127.0.0.1:41234`, without a slash at its end. */
  readonly url: string
  readonly pid: number
  readonly dataDir: string
  /** Ends it as an operator would, with SIGTERM, and gives its exit status. */
  stop(): Promise<number | null>
  /** All it has printed so far. */
  output(): string
}

export interface ServeOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Kept after `stop`; without one, a folder is made and removed. Of the standard distribution the migrations have run. */
  readonly dataDir?: string
  readonly port?: number
}

/** Starts `node server.js serve` on a free port and waits until it says that it is ready. */
export async function serve(folder: string, options: ServeOptions = {}): Promise<Served> {
  const port = options.port ?? (await freePort())
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'compose-data-')))
  if (options.env?.['DATABASE_URL'] === undefined) await layFirstStart(folder, dataDir)
  const { flags, env } = asTests()
  const server = spawn(process.execPath, [...flags, join(folder, 'server.js'), 'serve'], {
    cwd: folder,
    env: {
      ...plainEnv(),
      ...env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  server.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  server.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => server.once('exit', resolve))
  const stop = async () => {
    server.kill('SIGTERM')
    const status = await ended
    if (options.dataDir === undefined)
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    return status
  }
  const url = `http://127.0.0.1:${port}`
  const first = await Promise.race([ready(url), ended.then(() => 'ended' as const)])
  if (first === 'ended') throw new Error(`the server ended before it was ready:\n${text}`)
  return { url, pid: server.pid ?? 0, dataDir, stop, output: () => text }
}

/** How the tests themselves run, which the benchmark does not: code is compiled once, and not for long. */
export function asTests(): {
  readonly flags: readonly string[]
  readonly env: Record<string, string>
} {
  const { COMPOSE_TEST_FOLDER: isTest, NODE_COMPILE_CACHE: compiled } = process.env
  if (!isTest) return { flags: [], env: {} }
  return { flags: wasmFlags, env: compiled ? { NODE_COMPILE_CACHE: compiled } : {} }
}

/** A first start takes twice what any other does: the standard distribution, which many start, has it once. */
async function layFirstStart(folder: string, dataDir: string): Promise<void> {
  if (!(await isStandard(folder)) || existsSync(join(dataDir, 'database'))) return
  const made = await once('first-start', async (at) => {
    const { flags, env } = asTests()
    await execa(process.execPath, [...flags, join(folder, 'server.js'), 'migrate'], {
      env: { ...plainEnv(), ...env, DATA_DIR: join(at, 'data') },
      extendEnv: false,
    })
  })
  await cp(join(made, 'data'), dataDir, { recursive: true })
}

/** The one that this run has built, or a copy. */
async function isStandard(folder: string): Promise<boolean> {
  if (!process.env['COMPOSE_TEST_FOLDER']) return false
  const ours = join(runFolder(), 'standard/dist/standard')
  if (!existsSync(ours)) return false
  const [one, other] = await Promise.all(
    [ours, folder].map((each) => readFile(join(each, 'SHA256SUMS'), 'utf8')),
  )
  return one === other
}

async function ready(url: string): Promise<'ready'> {
  for (;;) {
    const status = await fetch(`${url}/health/ready`).then(
      async (response) => {
        await response.arrayBuffer()
        return response.status
      },
      () => 0,
    )
    if (status === 200) return 'ready'
    await delay(25)
  }
}

/** A port that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo // a TCP server has one
      probe.close(() => resolve(port))
    })
  })
}

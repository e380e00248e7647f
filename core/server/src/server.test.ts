import { randomUUID } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layEmptyDatabase } from '@bitcartcc/domain/test-rows'
import { corePlan, layMigrated } from '@bitcartcc/domain/test-support'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import type { Distribution } from '@bitcartcc/sdk/resources'
import { titleOnOneLine } from '../../../test/support/one-line.ts'
import { wasmFlags } from '../../../test/support/wasm-flags.ts'
import { listenRefusal } from './listening.ts'
import { olderNode } from './older-node.ts'

const distribution: Distribution = {
  format: 1,
  name: 'test',
  core: '1.0.0',
  node: '24.21.0',
  digest: 'sha256-test',
  plugins: [],
  migrations: [],
  services: [
    {
      plugin: 'echo',
      name: 'echo',
      entry: 'services/echo.js',
      path: '/echo',
      port: 80,
      stripPrefix: true,
      auth: 'public',
    },
  ],
  deployment: { host: 'localhost', mode: 'one-domain', database: 'embedded', proxy: 'none' },
  settings: {},
}
// It asks the API with its token, and answers with what it may do there.
const echo = `import { createServer } from 'node:http'
const { PORT, BITCARTCC_API_URL: api, BITCARTCC_TOKEN: token } = process.env
const statusOf = (path) => fetch(api + path, { headers: { authorization: 'Bearer ' + token } })
createServer(async (request, response) => {
  const { user } = await (await statusOf('/api/session')).json()
  const { status } = await statusOf('/api/users')
  response.end(JSON.stringify({ name: user.name, permissions: user.permissions, users: status }))
}).listen(PORT, '127.0.0.1')
`
const core = resolve(import.meta.dirname, '../..')
const entry = `import { runServer } from ${JSON.stringify(`${core}/server/src/index.ts`)}
import { HttpError } from ${JSON.stringify(`${core}/sdk/src/server.ts`)}
const plugin = { name: 'echo', version: '1.0.0', title: 'Echo', permissions: { 'echo.see': 'See' }, settings: {}, templates: {}, jobs: {}, emits: {} }
const echo = { plugin: 'echo', name: 'say', title: 'Says what it is told', command: { run: async ({ words, print }) => {
  if (words.length === 0) throw new HttpError(422, 'Say what to say.')
  if (words[0] === 'bug') throw new Error('a bug of the plugin')
  print(words.join(' '))
} } }
await runServer({ plugins: [plugin], api: { routes: [] }, worker: { jobs: [], listeners: [] }, payments: { methods: [] }, rates: { providers: [] }, notify: { channels: [] }, commands: { commands: [echo] }, hooks: { hooks: [] },
  embedded: () => import(${JSON.stringify(`${core}/domain/src/embedded.ts`)}) }, { folder: import.meta.dirname })
`

let folder: string
const running = new Set<ChildProcess>()
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'bitcartcc-server-')))
  for (const name of ['migrations', 'services']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'distribution.json'), JSON.stringify(distribution))
  writeFileSync(join(folder, 'migrations/plan.json'), JSON.stringify(corePlan()))
  writeFileSync(join(folder, 'services/echo.js'), echo)
  writeFileSync(join(folder, 'server.ts'), entry)
  const withEmbedded = (text: string) => entry.replace(/embedded: .*?\.ts"\)/, text)
  writeFileSync(join(folder, 'postgres-only.ts'), withEmbedded(''))
  const silent = 'embedded: async () => ({ openEmbedded: () => new Promise(() => {}) })'
  writeFileSync(join(folder, 'silent-database.ts'), withEmbedded(silent))
  // Many programs are started here: as one file, and compiled once, each is up in a third of the time.
  symlinkSync(join(core, 'domain/node_modules'), join(folder, 'node_modules'), 'junction')
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    // It reads files that lie beside it.
    ssr: { noExternal: true, external: ['@electric-sql/pglite'] },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: {
        input: ['server', 'postgres-only', 'silent-database'].map((name) =>
          join(folder, `${name}.ts`),
        ),
      },
    },
  })
  for (const name of ['killed', 'other', 'unread', 'confined', 'commands', 'saved'])
    await layMigrated(join(folder, name))
  // A first start, and the first migration.
  for (const name of ['data', 'migrated']) layEmptyDatabase(join(folder, name))
})
afterAll(() => {
  for (const each of running) each.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

interface Run {
  readonly process: ChildProcess
  readonly ended: Promise<unknown>
  output: string
  errors: string
}

function start(args: readonly string[], dataDir: string, env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [...wasmFlags, ...args], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: join(folder, dataDir),
      NODE_COMPILE_CACHE: join(folder, '.compiled'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const run: Run = {
    process: child,
    ended: once(child, 'close').then(([code]) => code),
    output: '',
    errors: '',
  }
  child.stdout?.on('data', (data: Buffer) => (run.output += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (run.errors += data.toString()))
  return run
}

/** What a program that refuses to go on says, without the folder of this test. */
async function refusal(run: Run): Promise<string> {
  expect(await run.ended).toBe(1)
  return run.errors.replaceAll(/\S*\/bitcartcc-server-[^/]*/g, '…')
}

const server = () => join(folder, 'server.js')

async function said(run: Run, text: string): Promise<void> {
  while (!run.output.includes(text)) {
    if (run.process.exitCode !== null) throw new Error(`ended: ${run.output}${run.errors}`)
    await Promise.race([once(run.process.stdout ?? run.process, 'data'), run.ended])
  }
}

async function listening(run: Run): Promise<string> {
  await said(run, '"listening"')
  return run.output.match(/"msg":"listening","url":"([^"]+)"/)?.[1] ?? ''
}

async function answered(url: string): Promise<Response> {
  for (;;) {
    const response = await fetch(url)
    if (response.status < 502) return response
    await response.arrayBuffer()
    await new Promise((done) => setTimeout(done, 100))
  }
}

test('serve migrates, answers, runs its services, and ends when asked; its folder and its port are nobody else’s', async () => {
  const run = start([server(), 'serve'], 'data')
  const url = await listening(run)
  expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ status: 'ready' })
  expect(await (await fetch(`${url}/api/distribution`)).json()).toEqual(distribution)
  expect(await (await answered(`${url}/echo`)).json()).toEqual({
    name: 'echo',
    permissions: ['echo.see'],
    users: 403,
  })
  const second = start([server(), 'serve'], 'data')
  expect(
    (await refusal(second))
      .replaceAll(`${run.process.pid}`, 'PID')
      .replace(` on ${hostname()}`, ' on HOST'),
  ).toMatchInlineSnapshot(`
    "✗ The data folder is in use by process PID.

        …/data/database   process PID on HOST

      Nothing in the folder was touched: two processes writing to one embedded
      database lose rows.

      Fix: Stop process PID, or start this one with another folder:   DATA_DIR=./data-2
           For several processes on one database, set DATABASE_URL to a PostgreSQL server.

      More: compose explain start/data-folder-in-use

    "
  `)
  const { port } = new URL(url)
  const third = start([server(), 'serve'], 'other', { PORT: port })
  expect((await refusal(third)).replaceAll(port, 'PORT').replace(/PORT=\d+/, 'PORT=NEXT'))
    .toMatchInlineSnapshot(`
    "✗ Another program already listens on port PORT.

      Fix: Stop it, or choose another port:   PORT=NEXT

      More: compose explain start/port-in-use

    "
  `)
  // An update that cannot start changes no database.
  expect(third.output).toBe('')
  run.process.kill('SIGTERM')
  expect([await run.ended, run.errors]).toEqual([0, ''])
  for (const line of run.output.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
})

test.skipIf(process.platform !== 'linux')(
  'a server that is killed leaves no service behind',
  async () => {
    const run = start([server(), 'serve'], 'killed')
    await answered(`${await listening(run)}/echo`)
    const services = () => readFileSync(`/proc/${run.process.pid}/task/${run.process.pid}/children`)
    const [service] = services().toString().trim().split(' ').map(Number)
    expect(service).toBeGreaterThan(0)
    run.process.kill('SIGKILL')
    await run.ended
    while (existsSync(`/proc/${service}/stat`)) await new Promise((done) => setTimeout(done, 20))
  },
)

test('a server whose log nobody reads any longer goes on', async () => {
  const run = start([server(), 'serve'], 'unread')
  const url = await listening(run)
  run.process.stdout?.destroy()
  run.process.stderr?.destroy()
  // Each is a line of the log.
  for (const path of ['/api/products', '/api/nothing', '/api/products'])
    await (await fetch(url + path)).arrayBuffer()
  await new Promise((done) => setTimeout(done, 100))
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  run.process.kill('SIGINT')
  expect(await run.ended).toBe(0)
})

test('migrate tells what is pending, does it, and then has nothing to do', async () => {
  const outcomeIn = async (dataDir: string, ...args: string[]) => {
    const run = start([server(), 'migrate', ...args], dataDir)
    return [await run.ended, run.output.trim().split('\n').at(-1), run.errors]
  }
  const outcome = (...args: string[]) => outcomeIn('migrated', ...args)
  const ids = corePlan().steps.map(({ id }) => id)
  // What only tells begins no database.
  const all = [3, JSON.stringify({ pending: ids }), '']
  expect(await outcomeIn('never', '--plan', '--json')).toEqual(all)
  expect(existsSync(join(folder, 'never'))).toBe(false)
  expect((await outcome('--plan'))[0]).toBe(3)
  expect(await outcome('--plan', '--json')).toEqual(all)
  expect(await outcome()).toEqual([0, `Applied ${ids.length}: ${ids.join(', ')}.`, ''])
  expect(await outcome()).toEqual([0, 'Nothing was pending.', ''])
  expect((await outcome('--plan'))[0]).toBe(0)
})

test('serve runs where Node lets it touch its own folders only, without its services', async () => {
  const permits = [`--allow-fs-read=${resolve(core, '..')}`, `--allow-fs-read=${folder}`]
  const run = start(
    ['--permission', ...permits, `--allow-fs-write=${join(folder, 'confined')}`, server(), 'serve'],
    'confined',
  )
  const url = await listening(run)
  expect((await fetch(`${url}/api/products`)).status).toBe(200)
  expect((await fetch(`${url}/echo`)).status).toBe(503)
  expect(run.output).toContain('services were left out')
  run.process.kill('SIGTERM')
  expect(await run.ended).toBe(0)
})

test('an older Node is told, and how to come by a newer one', () => {
  expect(['24.12.0', '25.0.0'].map(olderNode)).toEqual([undefined, undefined])
  const told = ['20.20.2', '24.11.1'].flatMap((each) => olderNode(each) ?? [])
  expect(told.map(problemText).join('\n')).toMatchInlineSnapshot(`
    "✗ This distribution runs on Node 24.12 or later, and this is Node 20.20.2.

      Nothing was started.

      Fix: Start it with   compose start   which brings its own Node,
           or install Node 24, https://nodejs.org, and start it again.

      More: compose explain start/older-node

    ✗ This distribution runs on Node 24.12 or later, and this is Node 24.11.1.

      Nothing was started.

      Fix: Start it with   compose start   which brings its own Node,
           or install Node 24, https://nodejs.org, and start it again.

      More: compose explain start/older-node
    "
  `)
})

test('a command of a plugin prints its result, or says what to mend; its own bug is told as such', async () => {
  const ran = async (...words: string[]) => {
    const run = start([server(), 'run', ...words], 'commands')
    return [await run.ended, run.output, run.errors]
  }
  expect(await ran()).toEqual([0, 'echo:say   Says what it is told\n', ''])
  expect(await ran('echo:say', 'good', '--morning')).toEqual([0, 'good --morning\n', ''])
  expect(await ran('echo:say')).toEqual([
    1,
    '',
    `✗ echo:say refused: Say what to say.

  Fix: Mend what it says, and run it again.

  More: compose explain run/refused

`,
  ])
  expect(await ran('echo:sing')).toEqual([
    1,
    '',
    `✗ No plugin of this distribution has a command echo:sing.

    echo:say   Says what it is told

  Nothing was run.

  Fix: Name one of them:   node server.js run echo:say

  More: compose explain run/unknown-command

`,
  ])
  expect(await ran('echo:say', 'bug')).toEqual([
    70,
    '',
    expect.stringContaining('a bug of the plugin'),
  ])
})

test('a backup brings a shop back to the byte, and nothing is replaced unasked or out of a damaged one', async () => {
  const signIn = { email: 'a@example.com', password: 'correct horse' }
  const owner = { ...signIn, name: 'A' }
  const run = start([server(), 'serve'], 'saved')
  const url = await listening(run)
  const post = async (at: string, path: string, body: object) =>
    (
      await fetch(at + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status
  expect(await post(url, '/api/users', owner)).toBe(201)
  const did = async (dataDir: string, ...args: string[]) => {
    const done = start([server(), ...args], dataDir)
    return [await done.ended, done.output, done.errors]
  }
  const refused: string[] = []
  const refuse = async (dataDir: string, args: readonly string[], env = {}) =>
    refused.push(await refusal(start([server(), ...args], dataDir, env)))
  const file = join(folder, 'shop.tgz')
  await refuse('saved', ['backup', file])
  run.process.kill('SIGTERM')
  await run.ended
  expect(await did('saved', 'backup', file)).toEqual([
    0,
    expect.stringMatching(/^Saved \d+ files in .*shop.tgz, [\d,]+ bytes\. It holds the secret key/),
    '',
  ])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await refuse('saved', ['backup', file])
  await refuse('nowhere', ['backup', `${file}-2`])
  await refuse('new', ['restore', `${file}-3`])
  await refuse('saved', ['restore', file])
  const bytes = readFileSync(file)
  writeFileSync(`${file}-cut`, bytes.subarray(0, bytes.length - 1000))
  await refuse('new', ['restore', `${file}-cut`])
  expect(treeOf('new')).toEqual({})
  expect(await did('new', 'restore', file)).toEqual([
    0,
    expect.stringMatching(/^Brought back \d+ files of test, core 1\.0\.0\.\n$/),
    '',
  ])
  expect(treeOf('new')).toEqual(treeOf('saved'))
  expect(await did('new', 'restore', file, '--replace')).toEqual([
    0,
    expect.stringContaining(`What was there lies in ${join(folder, 'new/.replaced')}.`),
    '',
  ])

  const again = start([server(), 'serve'], 'new')
  expect(await post(await listening(again), '/api/session', signIn)).toBe(200)
  again.process.kill('SIGTERM')
  await again.ended
  const elsewhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  await refuse('saved', ['backup', `${file}-3`], elsewhere)
  const texts = refused
    .map(titleOnOneLine)
    .join('\n')
    .replaceAll(/process \d+ on .*|\d+ (?=files)/g, '…')
  expect(texts).toMatchInlineSnapshot(`
    "✗ A server runs on this data folder: what it has not written yet would be missing.

        …/saved/database   …

      Nothing was read or written.

      Fix: Stop it, do this again, and start it.
           To save a shop that may not stand still, run it on PostgreSQL: DATABASE_URL.

      More: compose explain backup/server-runs


    ✗ …/shop.tgz is there already.

      It was left as it is.

      Fix: Name a file that is not there, or move this one away.

      More: compose explain backup/file-exists


    ✗ The data folder holds no database yet.

        …/nowhere   DATA_DIR

      Fix: Set DATA_DIR to the folder of the shop, or start the shop once.

      More: compose explain backup/nothing-there


    ✗ There is no file …/shop.tgz-3.

      Fix: Name what   node server.js backup FILE   wrote.

      More: compose explain restore/no-file


    ✗ The data folder holds a shop already: …files.

        …/saved   DATA_DIR

      Nothing was changed.

      Fix: To put it aside and take the backup:   node server.js restore …/shop.tgz --replace
           Or bring the backup into another folder:   DATA_DIR=./data-2

      More: compose explain restore/not-empty


    ✗ …/shop.tgz-cut is no backup, or not the whole of one.

        …/shop.tgz-cut   unexpected end of file

      Nothing was changed.

      Fix: Take another copy of it.

      More: compose explain restore/damaged


    ✗ DATABASE_URL is set: the rows lie on a PostgreSQL server, whose own programs save them while it runs.

      Nothing was read or written.

      Fix: Save the rows:      pg_dump --format=custom --file=shop.dump "$DATABASE_URL"
           and the uploads:    tar -czf shop-data.tgz -C …/saved .
           Bring them back:    pg_restore --clean --if-exists --dbname="$DATABASE_URL" shop.dump

      More: compose explain backup/on-a-server

    "
  `)
})

/** Every file of a data folder, but what a restore put aside. */
function treeOf(dataDir: string): Readonly<Record<string, string>> {
  const at = join(folder, dataDir)
  return Object.fromEntries(
    readdirSync(at, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.replaced'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(at.length), readFileSync(path, 'base64')] as const),
  )
}

test('doctor looks at a database, and begins none', async () => {
  expect(await refusal(start([server(), 'doctor'], 'never-started'))).toMatch(
    /^✗ The data folder holds no database yet\.\n/,
  )
  expect(existsSync(join(folder, 'never-started'))).toBe(false)
})

test('wrong usage is told apart from a refusal', async () => {
  const statuses = await Promise.all(
    [['help'], ['--help'], ['sing'], ['serve', '--loud'], ['migrate', '--plan', 'x']].map(
      (args) => start([server(), ...args], 'unused').ended,
    ),
  )
  expect(statuses).toEqual([0, 0, 2, 2, 2])
  const run = start([server(), 'serve'], 'unused', { PORT: 'http' })
  expect(await refusal(run)).toMatchInlineSnapshot(`
    "✗ PORT is not the number of a port.

        PORT   http

      Fix: Set PORT to a number from 0 to 65535, or leave it unset for 3000.

      More: compose explain start/not-a-port

    "
  `)
})

test('a start where this machine or this user may not listen is told so', async () => {
  const run = start([server(), 'serve'], 'data', { HOST: '203.0.113.1' })
  expect(await refusal(run)).toMatchInlineSnapshot(`
    "✗ HOST is no address of this machine.

        HOST   203.0.113.1

      Fix: Leave HOST unset, to listen on every address,
           or be heard from this machine alone:   HOST=127.0.0.1

      More: compose explain start/not-our-host

    "
  `)
  expect(run.output).toBe('')
  const at = { host: '0.0.0.0', port: 80 }
  const error = listenRefusal(Object.assign(new Error('denied'), { code: 'EACCES' }), at)
  const told = error instanceof Refused ? error.problems : []
  expect(told.map((each) => problemText(each)).join('')).toMatchInlineSnapshot(`
    "✗ This user may not listen on port 80.

      Fix: Choose one from 1024 on, and let a proxy stand before it:   PORT=3000

      More: compose explain start/port-not-allowed
    "
  `)
})

test('a start without what it needs is told what is missing', async () => {
  const told = (program: string, env: Record<string, string>, dataDir = 'unused') =>
    refusal(start([join(folder, program), 'serve'], dataDir, env))
  const [none, nobody] = await Promise.all([
    told('postgres-only.js', {}),
    told('server.js', { DATABASE_URL: 'postgres://shop:open-sesame@127.0.0.1:1/shop' }),
  ])
  expect(none).toMatchInlineSnapshot(`
    "✗ DATABASE_URL is not set, and this distribution has no embedded database.

      Fix: Set it:   DATABASE_URL=postgres://user:password@host:5432/bitcartcc
           Or build with   deployment: { database: embedded }

      More: compose explain start/no-database

    "
  `)
  expect(nobody).toMatchInlineSnapshot(`
    "✗ PostgreSQL does not answer at the address in DATABASE_URL.

        127.0.0.1:1/shop   connect ECONNREFUSED 127.0.0.1:1

      Fix: Check that the server runs, and that host and port in DATABASE_URL are right.

      More: compose explain start/database-unreachable

    "
  `)
})

test('a start that can go no further says so, where Node would show a line of compiled code', async () => {
  const run = start([join(folder, 'silent-database.js'), 'serve'], 'silent')
  expect([await run.ended, run.output, run.errors]).toEqual([
    70,
    '',
    'The server itself failed: it waits for something that nothing is going to bring. This is our fault, or that of a plugin.\n',
  ])
})

test('a secret that is too short or damaged is told before a database is begun, and never shown', async () => {
  const told = (env: Record<string, string>) => refusal(start([server(), 'serve'], 'secrets', env))
  expect(await told({ SECRET_KEY: 'open-sesame' })).toMatchInlineSnapshot(`
    "✗ SECRET_KEY is shorter than 32 characters.

      Nothing was started.

      Fix: Set it to the output of   openssl rand -base64 32

      More: compose explain start/secret-key

    "
  `)
  expect(await told({ ECHO__TOKEN: 'open-sesame' })).toMatchInlineSnapshot(`
    "✗ ECHO__TOKEN is shorter than 32 characters.

      Nothing was started.

      Fix: Set it to the output of   openssl rand -hex 32
           or leave it unset: its service then asks as a visitor.

      More: compose explain start/token-too-short

    "
  `)
  expect(existsSync(join(folder, 'secrets'))).toBe(false)
  mkdirSync(join(folder, 'secrets'))
  writeFileSync(join(folder, 'secrets/secret.key'), '')
  expect(await told({})).toMatchInlineSnapshot(`
    "✗ The secret key of this instance is damaged.

        …/secrets/secret.key   is not 32 bytes in base64

      Nothing was changed: a new key could not open the secrets that are stored.

      Fix: Put the file back from a backup.

      More: compose explain start/secret-key

    "
  `)
  expect(readdirSync(join(folder, 'secrets'))).toEqual(['secret.key'])
})

test.skipIf(!process.env['TEST_DATABASE_URL'])(
  'on PostgreSQL serve waits for migrate, and api and worker are processes of their own',
  async () => {
    const name = `server_${randomUUID().replaceAll('-', '')}`
    const admin = new pg.Pool({ connectionString: process.env['TEST_DATABASE_URL'], max: 1 })
    await admin.query(`create database ${name}`)
    const url = Object.assign(new URL(process.env['TEST_DATABASE_URL'] ?? ''), { pathname: name })
    const as = (command: string) => start([server(), command], 'pg', { DATABASE_URL: url.href })
    try {
      const early = as('serve')
      expect([await early.ended, early.errors]).toEqual([
        1,
        expect.stringContaining('More: compose explain migrate/pending'),
      ])
      expect(await as('migrate').ended).toBe(0)
      const worker = as('worker')
      const api = as('api')
      expect((await fetch(`${await listening(api)}/health/ready`)).status).toBe(200)
      await said(worker, 'worker started')
      for (const each of [api, worker]) each.process.kill('SIGTERM')
      expect([await api.ended, await worker.ended, api.errors + worker.errors]).toEqual([0, 0, ''])
    } finally {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    }
  },
)

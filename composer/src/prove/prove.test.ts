import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { packed as packedFolder } from '../cache/snapshot.ts'
import type { Plan } from '../model/plan.ts'
import { openCache } from '../cache/cache.ts'
import { planSelection } from '../pipeline.ts'
import { prove } from './index.ts'

// A plan of one plugin that brings a service; in place of the product and the service stand programs of a few lines.

const work = realpathSync(mkdtempSync(join(tmpdir(), 'compose-proved-')))
const out = join(work, 'dist/shop')
let plan: Plan
beforeAll(async () => {
  writeFileSync(
    join(work, 'selection.yaml'),
    'distribution: shop\ncore: ^1.0.0\nplugins: { status-page: ^1.0.0 }\ndeployment: { images: tags }\n',
  )
  const options = { cwd: work, cacheDir: 'cache' }
  plan = (await planSelection(join(work, 'selection.yaml'), options)).plan
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'server.js'), 'the one before')
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** What is told of a distribution whose programs are these. */
async function told(programs: { readonly server: string; readonly service?: string }) {
  const folder = join(work, 'new')
  mkdirSync(join(folder, 'services'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'server.js'), programs.server)
  writeFileSync(join(folder, 'services/status-page.js'), programs.service ?? '')
  writeFileSync(join(folder, 'distribution.json'), '{ "plugins": [] }')
  writeFileSync(join(folder, 'SHA256SUMS'), '')
  const text = await prove({
    plan,
    packing: Promise.resolve({
      folder,
      uppermost: folder,
      artifacts: 0,
      sizeBytes: 0,
      sizes: new Map(),
    }),
    isServerNew: false,
    snapshot: packedFolder(new Uint8Array(1024)),
    paths: { work, cache: join(work, 'cache'), out },
    cache: openCache(join(work, 'cache')),
    databaseUrl: undefined,
    signal: new AbortController().signal,
    consent: Promise.resolve(),
  }).then(
    () => 'nothing was refused',
    (error: unknown) => {
      if (!(error instanceof Refused)) throw error
      return error.problems.map(problemText).join('\n')
    },
  )
  // As each of these texts promises.
  expect([existsSync(folder), readFileSync(join(out, 'server.js'), 'utf8')]).toEqual([
    false,
    'the one before',
  ])
  return text.replaceAll(work, '…').replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
}

test('a product that ends is told with what it said', async () => {
  const server = `console.log(JSON.stringify({ level: 'warn', msg: 'no mint is near' }))
throw new Error('The mint of loyalty is closed.')
`
  expect(await told({ server })).toMatchInlineSnapshot(`
    "✗ The product ended by itself when it was tried.

        it said   warn: no mint is near
        it said   Error: The mint of loyalty is closed.

      dist/ still holds what it held before.

      Fix: Read its last lines above: they name the module or the plugin that stops it.

      More: compose explain prove/ended
    "
  `)
})

test('each address that answers wrongly is told, and each service that ends', async () => {
  const server = `import { createServer } from 'node:http'
const page = (answer) => answer.setHeader('content-type', 'text/html').end('<script src="/app.js"></script>')
const say = (level, msg, more) => console.log(JSON.stringify({ level, msg, ...more }))
const answers = {
  '/': page,
  '/admin': page,
  '/app.js': (answer) => answer.writeHead(404).end('not here'),
  '/api/openapi.json': (answer) => answer.end('{"paths":{"/api/plugins/loyalty/points":{"get":{}}}}'),
  '/api/plugins/loyalty/points': (answer) => {
    say('error', 'GET /api/plugins/loyalty/points', { error: 'TypeError: points is null' })
    answer.writeHead(500).end('{"message":"It is our fault."}')
  },
}
const server = createServer((question, answer) => (answers[question.url] ?? ((a) => a.end('{}')))(answer))
server.listen(0, '127.0.0.1', () => say('info', 'listening', { url: \`http://127.0.0.1:\${server.address().port}\` }))
`
  const service = `import { readFileSync } from 'node:fs'
readFileSync('/etc/status-page.json')
`
  expect(await told({ server, service })).toMatchInlineSnapshot(`
    "✗ The product was started, and 2 of its addresses do not answer as they should.

        GET /api/plugins/loyalty/points   500 {"message":"It is our fault."}
        GET /app.js                       404 not here
        it said                           listening
        it said                           error: GET /api/plugins/loyalty/points: TypeError: points is null

      dist/ still holds what it held before.

      Fix: Mend the plugin whose address it is, or leave it out of the selection.

      More: compose explain prove/answers-wrongly

    ✗ The service status-page of status-page ended by itself when it was tried.

        it said   Error: Access to this API has been restricted. Use --allow-fs-read to manage permissions.
        it said   code: 'ERR_ACCESS_DENIED',
        it said   permission: 'FileSystemRead',
        it said   resource: '/etc/status-page.json'

      dist/ still holds what it held before.

      Fix: Read its last lines above: they name the module or the plugin that stops it.

      More: compose explain prove/ended
    "
  `)
})

test('a product that never says where it listens is told', async () => {
  const temporary = join(work, 'temporary')
  mkdirSync(temporary)
  vi.stubEnv('TMPDIR', temporary)
  // Of all this, only the time limit is not real.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const server = `import { writeFileSync } from 'node:fs'
console.log('looking for the mint')
writeFileSync(process.env.DATA_DIR + '/has-spoken', '')
setInterval(() => {}, 1000)
`
    const telling = told({ server })
    const hasSpoken = () =>
      readdirSync(temporary, { recursive: true, encoding: 'utf8' }).some((name) =>
        name.endsWith('has-spoken'),
      )
    while (!hasSpoken()) await delay(20)
    await delay(100)
    vi.advanceTimersByTime(60_000)
    expect(await telling).toMatchInlineSnapshot(`
      "✗ The product did not come up within 60 s.

          it said   looking for the mint

        dist/ still holds what it held before.

        Fix: Read its last lines above: they name the module or the plugin that stops it.

        More: compose explain prove/does-not-start
      "
    `)
  } finally {
    vi.useRealTimers()
    vi.unstubAllEnvs()
  }
})

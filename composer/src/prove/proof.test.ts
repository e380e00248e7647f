import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Refused } from '@bitcartcc/sdk/problem'
import { openCache } from '../cache/cache.ts'
import { packed as packedFolder } from '../cache/snapshot.ts'
import type { Plan } from '../model/plan.ts'
import { planSelection } from '../pipeline.ts'
import { prove } from './index.ts'

// In place of the product stands a program of a few lines that hands out the files of its apps.

const work = realpathSync(mkdtempSync(join(tmpdir(), 'compose-proof-')))
let plan: Plan
beforeAll(async () => {
  const file = join(work, 'selection.yaml')
  writeFileSync(
    file,
    'distribution: shop\ncore: ^1.0.0\nplugins: {}\ndeployment: { images: tags }\n',
  )
  mkdirSync(join(work, 'dist'))
  plan = (await planSelection(file, { cwd: work, cacheDir: 'cache' })).plan
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const server = `import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
const pages = { '/': 'store', '/admin': 'admin' }
const files = createServer(({ url }, answer) => {
  const app = pages[url]
  if (app) return answer.setHeader('content-type', 'text/html').end(readFileSync(import.meta.dirname + '/public/' + app + '/index.html'))
  if (!url.startsWith('/store/')) return answer.end('{}')
  try { answer.end(readFileSync(import.meta.dirname + '/public' + url)) } catch { answer.writeHead(404).end('not here') }
})
files.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: 'http://127.0.0.1:' + files.address().port })))
`
const page = (file: string) =>
  `<!doctype html><link href="/api/theme.css" /><script src="/store/${file}"></script>`
const first = {
  'package.json': '{ "type": "module" }',
  'server.js': server,
  'distribution.json': '{ "digest": "1", "plugins": [{ "name": "a", "integrity": "1" }] }',
  'public/admin/index.html': page('a.js'),
  'public/store/index.html': page('a.js'),
  'public/store/a.js': 'a()',
}

interface Others {
  readonly consent?: Promise<void>
  readonly signal?: AbortSignal
}

/** What becomes of a distribution with these files. */
async function proved(
  files: Readonly<Record<string, string>>,
  { consent = Promise.resolve(), signal = new AbortController().signal }: Others = {},
): Promise<string> {
  const folder = join(work, 'new')
  const hashed = Object.entries(files).map(([path, text]) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    return `${createHash('sha256').update(text).digest('hex')}  ${path}\n`
  })
  writeFileSync(join(folder, 'SHA256SUMS'), hashed.join(''))
  const sizes = new Map(Object.entries(files).map(([path, text]) => [path, text.length]))
  return prove({
    plan,
    packing: Promise.resolve({ folder, uppermost: folder, artifacts: 0, sizeBytes: 0, sizes }),
    isServerNew: false,
    snapshot: packedFolder(new Uint8Array(1024)),
    paths: { work, cache: join(work, 'cache'), out: join(work, 'dist/shop') },
    cache: openCache(join(work, 'cache')),
    databaseUrl: undefined,
    signal,
    consent,
  }).then(
    ({ isAsBefore, pages }) => `${isAsBefore ? 'as before' : 'started'}, ${pages} pages`,
    (error: unknown) => {
      if (error instanceof Refused) return error.problems.map(({ code }) => code).join()
      return error instanceof Error ? error.message : String(error)
    },
  )
}

test('a server is started again where it could answer otherwise, and only there', async () => {
  const told: string[] = []
  const several: readonly Readonly<Record<string, string>>[] = [
    {},
    {},
    {
      'distribution.json': '{ "digest": "2", "plugins": [{ "name": "a", "integrity": "2" }] }',
      'public/store/index.html': page('b.js'),
      'public/store/b.js': 'b()',
    },
    { 'public/store/index.html': page('b.js') },
    { 'public/store/index.html': '<html><script src="/store/a.js"></script>' },
    { 'distribution.json': '{ "digest": "1", "plugins": [{ "name": "b", "integrity": "1" }] }' },
    { 'server.js': `${server}\n` },
    { 'chunks/a.js': '' },
  ]
  for (const changes of several) told.push(await proved({ ...first, ...changes }))
  expect(told).toEqual([
    'started, 2 pages',
    'as before, 2 pages',
    'as before, 2 pages',
    'prove/answers-wrongly',
    'started, 2 pages',
    'started, 2 pages',
    'started, 2 pages',
    'started, 2 pages',
  ])
})

test('what was proved is not put in place before what runs beside it consents, and never without', async () => {
  const out = join(work, 'dist/shop')
  const inPlace = () => readFileSync(join(out, 'public/store/a.js'), 'utf8')
  await proved(first)
  const refused = Promise.reject(new Error('types do not fit'))
  const told = await proved({ ...first, 'public/store/a.js': 'b()' }, { consent: refused })
  expect([told, inPlace(), existsSync(join(work, 'new'))]).toEqual([
    'types do not fit',
    'a()',
    false,
  ])
  let consentNow = () => {}
  const consent = new Promise<void>((resolve) => (consentNow = resolve))
  const proving = proved({ ...first, 'public/store/a.js': 'c()' }, { consent })
  await new Promise((resolve) => setTimeout(resolve, 300))
  const before = inPlace()
  consentNow()
  expect([await proving, before, inPlace()]).toEqual(['as before, 2 pages', 'a()', 'c()'])
})

test('a refusal beside it ends the server that is tried, and leaves nothing', async () => {
  const cut = new AbortController()
  const silent = { ...first, 'server.js': 'setInterval(() => {}, 1000)\n' }
  const proving = proved(silent, { signal: cut.signal })
  // It starts without waiting for anything else.
  await new Promise((resolve) => setImmediate(resolve))
  cut.abort()
  expect([await proving, existsSync(join(work, 'new'))]).toEqual(['prove/ended', false])
})

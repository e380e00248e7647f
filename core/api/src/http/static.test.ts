import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { servePublic } from './static.ts'

const folder = mkdtempSync(join(tmpdir(), 'bitcartcc-public-'))
let app: FastifyInstance
beforeAll(async () => {
  for (const name of ['admin', 'store']) {
    mkdirSync(join(folder, 'public', name, 'assets'), { recursive: true })
    writeFileSync(join(folder, 'public', name, 'index.html'), `<title>${name}</title>`)
    writeFileSync(join(folder, 'public', name, 'assets/main-1a2b.js'), `${name}()`)
    writeFileSync(join(folder, 'public', name, 'assets/main-1a2b.js.gz'), gzipSync(`${name}()`))
  }
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  app = fastify()
  app.get('/api/here', async () => 'here')
  await servePublic(app, join(folder, 'public'))
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

const get = async (url: string, headers: Record<string, string> = {}, method = 'GET' as const) => {
  const response = await app.inject({ method, url, headers })
  return [response.statusCode, response.headers['cache-control'], response.body]
}

test('a file with its hash in its name is kept for ever, a page is asked for again', async () => {
  expect(await get('/store/assets/main-1a2b.js')).toEqual([
    200,
    'public, max-age=31536000, immutable',
    'store()',
  ])
  expect(await get('/store/index.html')).toEqual([200, 'no-cache', '<title>store</title>'])
})

test('the compressed twin goes to whom can read it', async () => {
  const response = await app.inject({
    url: '/admin/assets/main-1a2b.js',
    headers: { 'accept-encoding': 'br, gzip' },
  })
  expect(response.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'accept-encoding',
  })
  expect(response.rawPayload).toEqual(gzipSync('admin()'))
})

test('every page of an app is its index, and a missing file is missing', async () => {
  const pages = ['/', '/p/ratings/top?by=stars', '/admin', '/admin/plugins/a/b', '/administer']
  const titles = await Promise.all(pages.map(async (url) => (await get(url))[2]))
  expect(titles).toEqual(
    ['store', 'store', 'admin', 'admin', 'store'].map((each) => `<title>${each}</title>`),
  )
  const missing = ['/store/assets/old-9.js', '/favicon.ico', '/api/nothing', '/secret.txt']
  const statuses = await Promise.all(missing.map(async (url) => (await get(url))[0]))
  expect(statuses).toEqual([404, 404, 404, 404])
})

test('the page of a store that the address names asks for its colours', async () => {
  const sheet = (query: string) => `<link rel="stylesheet" href="/api/theme.css${query}" />`
  writeFileSync(join(folder, 'public/store/index.html'), sheet(''))
  const own = fastify()
  await servePublic(own, join(folder, 'public'))
  const bodies = await Promise.all(
    ['/', '/s/Ab-1_', '/s/Ab-1_/cart', '/s/%22%3E', '/s/'].map(
      async (url) => (await own.inject({ url })).body,
    ),
  )
  expect(bodies).toEqual(
    ['', '?storeId=Ab-1_', '?storeId=Ab-1_', '', ''].map((query) => sheet(query)),
  )
  await own.close()
})

test('no path leads out of the folder', async () => {
  const paths = [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/store/..%2f..%2fsecret.txt',
    '/..\\secret.txt',
  ]
  const bodies = await Promise.all(paths.map(async (url) => (await get(url))[2]))
  expect(bodies.filter((body) => body === 'secret')).toEqual([])
})

test('a page is not made by posting to it', async () => {
  expect((await app.inject({ method: 'POST', url: '/admin/products' })).statusCode).toBe(404)
  expect((await app.inject({ method: 'HEAD', url: '/admin/products' })).statusCode).toBe(200)
})

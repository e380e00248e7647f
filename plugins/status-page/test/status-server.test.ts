import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createStatusServer } from '../services/status-server.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})
async function listen(server: Server): Promise<string> {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has one
}

/** A shop's server as far as this page asks it. */
function shop(answers: Readonly<Record<string, { status?: number; body: unknown }>>) {
  return listen(
    createServer((request, response) => {
      const { status = 200, body } = answers[request.url ?? ''] ?? { status: 404, body: {} }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }),
  )
}
async function pageOver(apiUrl: string) {
  const status = createStatusServer({ apiUrl, prefix: '/status', graceMs: 0 })
  await status.check()
  return listen(status.server)
}

test('each part of the shop is shown with its state, in HTML and as JSON', async () => {
  const page = await pageOver(
    await shop({
      '/health/live': { body: { live: true } },
      '/health/ready': { status: 503, body: { parts: { database: true, '<b>queue': false } } },
      '/api/distribution': { body: { name: 'Tom & "Jerry"', core: '1.0.0', plugins: [{}, {}] } },
    }),
  )
  expect(await (await fetch(`${page}/status.json`)).json()).toEqual({
    shop: { name: 'Tom & "Jerry"', core: '1.0.0', plugins: 2 },
    isUp: false,
    checkedAt: expect.stringMatching(/Z$/),
    parts: [
      { name: 'server', isUp: true, uptime: 1 },
      { name: 'database', isUp: true, uptime: 1 },
      { name: '<b>queue', isUp: false, uptime: 0 },
    ],
  })
  const html = await (await fetch(page)).text()
  expect(html).toContain('<title>&lt;b&gt;queue is down · Tom &amp; &quot;Jerry&quot;</title>')
  expect(html).toContain('BitcartCC core 1.0.0 with 2 plugins.')
  expect(html).not.toMatch(/<b>|style=|<script>/)
})

test('a server that does not answer takes its parts along, and comes back', async () => {
  const answers: Record<string, { status?: number; body: unknown }> = {}
  const status = createStatusServer({ apiUrl: await shop(answers), prefix: '', graceMs: 0 })
  const page = await listen(status.server)
  const parts = async () =>
    ((await (await fetch(`${page}/status.json`)).json()) as { parts: unknown }).parts // our own JSON
  answers['/health/live'] = { body: {} }
  answers['/health/ready'] = { body: { parts: { database: true } } }
  await status.check()
  answers['/health/live'] = { status: 500, body: {} }
  await status.check()
  expect(await parts()).toEqual([
    { name: 'server', isUp: false, uptime: 0.5 },
    { name: 'database', isUp: false, uptime: 0.5 },
  ])
  answers['/health/live'] = { body: {} }
  await status.check()
  await status.check()
  expect(await parts()).toEqual([
    { name: 'server', isUp: true, uptime: 0.75 },
    { name: 'database', isUp: true, uptime: 0.75 },
  ])
})

test('the silence of a shop that is still starting does not count', async () => {
  const status = createStatusServer({ apiUrl: 'http://127.0.0.1:9', prefix: '', graceMs: 60_000 })
  await status.check()
  expect(status.isStarting()).toBe(true)
})

test('it answers with and without its prefix, lets no other origin in, and knows no other page', async () => {
  const page = await pageOver(await shop({}))
  const seen = await Promise.all(
    [
      '/',
      '/status',
      '/status/',
      '/status/style.css',
      '/refresh.js',
      '/healthz?x=1',
      '/status/__proto__',
      '/../etc/passwd',
    ].map(async (path) => {
      const { status, headers } = await fetch(`${page}${path}`)
      return [path, status, headers.get('content-type')?.split(';')[0]]
    }),
  )
  expect(seen).toEqual([
    ['/', 200, 'text/html'],
    ['/status', 200, 'text/html'],
    ['/status/', 200, 'text/html'],
    ['/status/style.css', 200, 'text/css'],
    ['/refresh.js', 200, 'text/javascript'],
    ['/healthz?x=1', 200, 'text/plain'],
    ['/status/__proto__', 404, 'text/plain'],
    ['/../etc/passwd', 404, 'text/plain'],
  ])
  const { headers } = await fetch(page)
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect((await fetch(page, { method: 'POST' })).status).toBe(405)
})

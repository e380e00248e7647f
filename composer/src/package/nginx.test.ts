import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { proxyTexts } from './proxy-texts.ts'
import { serveNames, type Names } from './test-names.ts'

const lacks = [
  ...(spawnSync('nginx', ['-v']).status === 0 ? [] : ['no nginx here']),
  // Elsewhere this machine has one address of its own, not a whole network.
  ...(process.platform === 'linux' ? [] : ['not Linux']),
]
const word = lacks.length === 0 ? '' : ` (skipped: ${lacks.join(', ')})`

const service = (name: string, auth: 'public' | 'admin', stripPrefix: boolean) => ({
  plugin: name,
  name,
  path: `/${name}`,
  port: 8080,
  stripPrefix,
  auth,
  permissions: [],
})
const configuration = (mode: 'one-domain' | 'multi-domain') =>
  proxyTexts({
    name: 'shop',
    deployment: { host: 'shop.example.com', mode, database: 'postgres', proxy: 'nginx' },
    compose: { document: { services: { api: {} } }, origins: {}, files: [] },
    services: [service('status', 'public', true), service('metrics', 'admin', false)],
  }).get('proxy/nginx.conf') ?? ''

describe.skipIf(lacks.length > 0)(`the real nginx, with what is made for it${word}`, () => {
  let folder = ''
  let names: Names
  let nginx: ChildProcess | undefined
  let upstreamPort = 0
  let port = 0
  const servers: Server[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'compose-nginx-'))
    mkdirSync(join(folder, 'logs'))
    // One port at several addresses, as containers have it; at 127.0.0.2 nobody answers.
    const first = await answering('127.0.0.3', 0, 'first')
    upstreamPort = portOf(first)
    await answering('127.0.0.4', upstreamPort, 'status')
    names = await serveNames(
      new Map([
        ['api', ['127.0.0.2', '127.0.0.3']],
        ['status', ['127.0.0.4']],
      ]),
    )
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    port = portOf(probe)
    probe.close()
    writeFileSync(join(folder, 'nginx.conf'), whole('one-domain'))
    nginx = spawn('nginx', ['-p', folder, '-c', 'nginx.conf'], { stdio: 'ignore' })
    while ((await asked('GET', '/').catch(() => undefined)) === undefined)
      await new Promise((done) => setTimeout(done, 20))
  })
  afterAll(async () => {
    if (nginx?.kill('SIGTERM')) await once(nginx, 'exit')
    for (const each of servers) each.close()
    names?.close()
    if (folder) rmSync(folder, { recursive: true })
  })

  test('takes it, in both modes', () => {
    for (const mode of ['one-domain', 'multi-domain'] as const) {
      writeFileSync(join(folder, `${mode}.conf`), whole(mode))
      const run = spawnSync('nginx', ['-t', '-p', folder, '-c', `${mode}.conf`], {
        encoding: 'utf8',
      })
      expect([run.status, run.stderr]).toEqual([0, expect.stringContaining('test is successful')])
    }
  })

  test('passes on what was asked, says anew who asked, and keeps cookies from services', async () => {
    const claims = {
      cookie: 'session=1',
      authorization: 'Bearer 1',
      'x-forwarded-host': 'evil.example.com',
    }
    expect(await asked('POST', '/api/carts?a=%2F', { body: '{}', headers: claims })).toEqual({
      status: 200,
      by: 'first',
      method: 'POST',
      url: '/api/carts?a=%2F',
      body: '{}',
      cookie: 'session=1',
      authorization: 'Bearer 1',
      host: 'shop.example.com',
      forwardedHost: 'shop.example.com',
    })
    expect(await asked('GET', '/status/a%20b/c?d=1', { headers: claims })).toEqual({
      status: 200,
      by: 'status',
      method: 'GET',
      url: '/a%20b/c?d=1',
      body: '',
      host: 'shop.example.com',
      forwardedHost: 'shop.example.com',
      prefix: '/status',
    })
    expect(await asked('GET', '/metrics/')).toMatchObject({ status: 401 })
  })

  test('an api that does not answer is passed over, one that comes is found, one that goes is not missed', async () => {
    const order = () => asked('POST', '/api/carts', { body: '{"quantity":1}' })
    const orders = await Promise.all(Array.from({ length: 40 }, order))
    expect(orders.map(({ status, body }) => [status, body])).toEqual(
      orders.map(() => [200, '{"quantity":1}']),
    )
    await answering('127.0.0.5', upstreamPort, 'second')
    names.known.set('api', ['127.0.0.3', '127.0.0.5'])
    for (;;) {
      const { status, by } = await order()
      expect(status).toBe(200)
      if (by === 'second') break
    }
    servers[0]?.close()
    const later = await Promise.all(Array.from({ length: 40 }, order))
    expect(later.map(({ status, by }) => [status, by])).toEqual(later.map(() => [200, 'second']))
  })

  /** What the image of nginx has around it, in one process and within one folder. */
  const whole = (mode: 'one-domain' | 'multi-domain') => `
    daemon off; master_process off; pid nginx.pid; error_log logs/error.log;
    events {}
    http {
      access_log off;
      client_body_temp_path body; proxy_temp_path proxy;
      fastcgi_temp_path other; uwsgi_temp_path other; scgi_temp_path other;
      ${configuration(mode)
        .replace('resolver 127.0.0.11 ', `resolver 127.0.0.1:${names.port} `)
        .replaceAll(/(\$\w+ \w+):(3000|8080);/g, `$1:${upstreamPort};`)
        .replaceAll('listen 80;', `listen 127.0.0.1:${port};`)}
    }`

  const portOf = (server: Server) => (server.address() as AddressInfo).port // it listens on TCP

  /** A server that says what it was asked; nobody is signed in. */
  async function answering(host: string, at: number, by: string): Promise<Server> {
    const server = createServer((got, answer) => {
      const { cookie, authorization, host: named } = got.headers
      const prefix = got.headers['x-forwarded-prefix']
      const forwardedHost = got.headers['x-forwarded-host']
      const said = { by, method: got.method, url: got.url, cookie, authorization, host: named }
      const isAsked = got.url === '/api/tokens'
      let body = ''
      got.on('data', (data: Buffer) => (body += data.toString()))
      got.on('end', () => {
        answer.statusCode = isAsked ? 401 : 200
        answer.end(JSON.stringify({ ...said, body, forwardedHost, prefix }))
      })
    })
    await new Promise<void>((done) => server.listen(at, host, done))
    servers.push(server)
    return server
  }

  async function asked(
    method: string,
    path: string,
    { body, headers }: { body?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { ...headers, host: 'shop.example.com' },
    })
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage] // what Node gives
    const text = (await answer.toArray()).join('')
    const said = text.startsWith('{') ? (JSON.parse(text) as object) : {} // what `answering` says
    return { status: answer.statusCode, ...said }
  }
})

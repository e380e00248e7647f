import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { User } from '@bitcartcc/sdk/resources'
import { silent } from '@bitcartcc/domain/test-support'
import { answerWithProblems } from './problems.ts'
import { proxyServices } from './services.ts'

const service = {
  plugin: 'status-page',
  name: 'status',
  entry: 'services/status.js',
  path: '/status',
  port: 80,
  stripPrefix: true,
  auth: 'public' as const,
}
const somebody: User = {
  id: 'u',
  email: 'u@example.com',
  name: 'U',
  isAdministrator: false,
  permissions: [],
  stores: [],
  createdAt: '2026-01-01T00:00:00.000Z',
}
let target: Server
let app: FastifyInstance
let port: number | undefined

beforeAll(async () => {
  target = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      response.setHeader('x-from', 'service')
      response.statusCode = 201
      response.end(JSON.stringify({ url: request.url, headers: request.headers, body }))
    })
  })
  await new Promise<void>((done) => target.listen(0, '127.0.0.1', done))
  app = fastify()
  answerWithProblems(app, silent)
  proxyServices(
    app,
    [
      { service, port: () => port },
      {
        service: { ...service, name: 'desk', path: '/desk', auth: 'admin', stripPrefix: false },
        port: () => port,
      },
    ],
    async (request) => (request.headers['x-test-user'] ? somebody : null),
  )
  await app.ready()
})
afterAll(async () => {
  await app.close()
  target.close()
})

test('a service that is down is said to start', async () => {
  port = undefined
  const response = await app.inject('/status')
  expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5'])
})

test('a request reaches the service under its own path, without the keys of the shop', async () => {
  port = (target.address() as AddressInfo).port // it listens on TCP
  const response = await app.inject({
    method: 'POST',
    url: '/status/rows?day=1',
    headers: { cookie: 'session=secret', authorization: 'Bearer secret', 'content-type': 'text/x' },
    payload: 'a body',
  })
  expect([response.statusCode, response.headers['x-from']]).toEqual([201, 'service'])
  const seen = response.json()
  expect([seen.url, seen.body, seen.headers['x-forwarded-prefix']]).toEqual([
    '/rows?day=1',
    'a body',
    '/status',
  ])
  expect(JSON.stringify(seen.headers)).not.toContain('secret')
  expect((await app.inject('/status')).json().url).toBe('/')
  expect((await app.inject('/statuses')).statusCode).toBe(404)
})

test('a service for staff is shown to nobody else', async () => {
  expect((await app.inject('/desk/a')).statusCode).toBe(401)
  const response = await app.inject({ url: '/desk/a', headers: { 'x-test-user': 'u' } })
  expect([response.statusCode, response.json().url]).toEqual([201, '/desk/a'])
})

test('a service that breaks off is a problem, not a crash', async () => {
  port = 1
  expect((await app.inject('/status')).statusCode).toBe(502)
})

import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { useShop } from '../test-support.ts'
import { drainOnClose } from './drain.ts'

test('an API that ends answers what still comes, and ends each connection with its answer', async () => {
  const over = Promise.withResolvers<void>()
  const slow = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const app = fastify({ return503OnClosing: false })
  const drain = drainOnClose(app, () => over.promise)
  app.get('/', async () => ({ isOn: drain.isOn() }))
  app.post('/slow', async () => {
    begun.resolve()
    await slow.promise
    return {}
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo // it listens on TCP
  const agent = new Agent({ keepAlive: true })
  const ask = async (method: string, path: string) => {
    const sent = request({ agent, port, host: '127.0.0.1', method, path })
    sent.end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage] // what Node gives
    const text = (await answer.toArray()).join('')
    return [answer.statusCode, answer.headers.connection, text]
  }

  expect(await ask('GET', '/')).toEqual([200, 'keep-alive', '{"isOn":false}'])
  const early = ask('POST', '/slow')
  await begun.promise
  const closed = app.close()
  expect(await ask('GET', '/')).toEqual([200, 'close', '{"isOn":true}'])
  expect(await ask('GET', '/')).toEqual([200, 'close', '{"isOn":true}'])
  over.resolve()
  slow.resolve()
  expect(await early).toEqual([200, 'close', '{}'])
  await closed
  await expect(ask('GET', '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('connections that wait at the door when it ends are answered', async () => {
  const over = Promise.withResolvers<void>()
  const app = fastify({ return503OnClosing: false })
  drainOnClose(app, () => over.promise)
  app.get('/', async () => ({}))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo // it listens on TCP
  const closed = app.close()
  const asked = Array.from({ length: 50 }, async () => {
    const sent = request({ agent: false, port, host: '127.0.0.1' })
    sent.end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage] // what Node gives
    answer.resume()
    return answer.statusCode
  })
  over.resolve()
  expect(new Set(await Promise.all(asked))).toEqual(new Set([200]))
  await closed
})

describe('an API that is told to end', () => {
  const over = Promise.withResolvers<void>()
  const shop = useShop({ drained: () => over.promise })

  test('is not ready any more, and goes on', async () => {
    const url = await shop.app.listen({ port: 0, host: '127.0.0.1' })
    const { status: before } = await fetch(`${url}/health/ready`)
    const closed = shop.app.close()
    const { status: ready } = await fetch(`${url}/health/ready`)
    const { status: live } = await fetch(`${url}/health/live`)
    const { status: serves } = await fetch(`${url}/api/distribution`)
    over.resolve()
    await closed
    expect([before, ready, live, serves]).toEqual([200, 503, 200, 200])
  })
})

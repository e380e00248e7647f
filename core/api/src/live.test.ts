import { once } from 'node:events'
import { get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDomain } from '@bitcartcc/domain'
import type { Domain } from '@bitcartcc/domain/domain'
import { openDatabase } from '@bitcartcc/domain/database'
import { databases, silent } from '@bitcartcc/domain/test-support'
import type { Invoice } from '@bitcartcc/sdk/resources'
import { createApi } from './index.ts'
import { distribution, owner, useShop, wiring } from './test-support.ts'

/** Reads a stream of events: what arrives, piece by piece, without what lies between. */
function reader(stream: IncomingMessage) {
  let text = ''
  let hasEnded = false
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => (text += chunk))
  stream.once('close', () => (hasEnded = true))
  const next = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(text)
      if (found) {
        text = text.slice(found.index + found[0].length)
        return found[1] ?? ''
      }
      if (hasEnded) throw new Error(`the stream ended before ${pattern}: ${text}`)
      await Promise.race([once(stream, 'data'), once(stream, 'close')])
    }
  }
  return {
    invoice: async () => JSON.parse(await next(/event: invoice\ndata: (.*)\n\n/)) as Invoice, // compared below
    heartbeat: () => next(/(: still here)\n\n/),
    end: async () => void (hasEnded || (await once(stream, 'close'))),
  }
}

const open = async (port: number, id: string) => {
  const request = get({ port, path: `/api/invoices/${id}/events`, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage] // what Node gives
  return response
}

describe.each(databases)('on $name', { timeout: 60_000 }, (database) => {
  const faults: string[] = []
  const log = { ...silent, error: (message: string) => void faults.push(message) }
  const shop = useShop({ heartbeatMs: 20, log }, database)
  let port: number

  beforeAll(async () => {
    await shop.domain.users.create({ ...owner, permissions: [] })
    await shop.app.listen({ port: 0, host: '127.0.0.1' })
    port = (shop.app.server.address() as AddressInfo).port // it listens on TCP
  })

  const order = async () => {
    const { id: productId } = await shop.domain.products.create({ name: 'Tea', price: '3' })
    const cart = await shop.domain.carts.create()
    await shop.domain.carts.setItem(cart.id, productId, 1)
    return shop.domain.carts.checkout(cart.id, { email: 'buyer@example.com' })
  }

  test('a stream shows the invoice at once and at each change, and that it lives meanwhile', async () => {
    const { id } = await order()
    const response = await open(port, id)
    expect([response.statusCode, response.headers]).toEqual([
      200,
      expect.objectContaining({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      }),
    ])
    const events = reader(response)
    expect(await events.invoice()).toEqual(await shop.domain.invoices.get(id))
    await events.heartbeat()
    await shop.domain.invoices.markPaid(id)
    expect(await events.invoice()).toEqual(await shop.domain.invoices.get(id))
    await shop.domain.invoices.refund(id)
    expect((await events.invoice()).status).toBe('refunded')
    response.destroy()
  })

  test('who leaves a stream is no fault', async () => {
    const { id } = await order()
    const arrived = once(shop.app.server, 'request')
    const response = await open(port, id)
    await reader(response).invoice()
    const [, answer] = (await arrived) as [unknown, ServerResponse] // what Node gives
    const left = once(answer, 'close')
    response.destroy()
    await left
    // What waits for the end of the answer comes after it.
    await new Promise((resolve) => setImmediate(resolve))
    expect(faults).toEqual([])
  })

  test('what is not there is a problem, and another’s change is not told', async () => {
    const missing = await open(port, 'unknown')
    expect([missing.statusCode, missing.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ])
    missing.resume()
    const [mine, other] = [await order(), await order()]
    const response = await open(port, mine.id)
    const events = reader(response)
    await events.invoice()
    await shop.domain.invoices.invalidate(other.id)
    await shop.domain.invoices.markPaid(mine.id)
    expect(await events.invoice()).toMatchObject({ id: mine.id, status: 'complete' })
    response.destroy()
  })
})

const server = databases.find(({ name }) => name === 'PostgreSQL')
describe.skipIf(!server)('two replicas on PostgreSQL', { timeout: 60_000 }, () => {
  const shop = useShop({}, server)
  const closing: (() => Promise<unknown>)[] = []
  let other: Domain
  let port: number

  beforeAll(async () => {
    await shop.domain.users.create({ ...owner, permissions: [] })
    const database = await openDatabase({
      url: shop.database().url,
      dataDir: shop.database().dataDir,
    })
    other = await createDomain({
      database,
      wiring,
      distribution,
      env: {},
      dataDir: shop.database().dataDir,
      log: silent,
    })
    const app = await createApi({ wiring, domain: other, distribution, log: silent })
    await app.listen({ port: 0, host: '127.0.0.1' })
    port = (app.server.address() as AddressInfo).port // it listens on TCP
    closing.push(
      () => database.close(),
      () => other.close(),
      () => app.close(),
    )
  })
  const close = async () => {
    for (const each of closing.splice(0).toReversed()) await each()
  }
  afterAll(close)

  test('a change in one is told by the other, also after its connection broke, and closing ends the stream', async () => {
    const { id: productId } = await shop.domain.products.create({ name: 'Tea', price: '3' })
    const cart = await shop.domain.carts.create()
    await shop.domain.carts.setItem(cart.id, productId, 1)
    const { id } = await shop.domain.carts.checkout(cart.id, { email: 'buyer@example.com' })
    const events = reader(await open(port, id))
    expect((await events.invoice()).status).toBe('pending')
    await shop.domain.invoices.markPaid(id)
    expect((await events.invoice()).status).toBe('complete')
    await shop
      .database()
      .database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`,
      )
    await shop.domain.invoices.refund(id)
    expect((await events.invoice()).status).toBe('refunded')
    const ended = events.end()
    await close()
    await ended
  })
})

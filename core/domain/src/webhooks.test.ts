import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebhookDelivery } from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import { createDomain } from './index.ts'
import { bareDistribution, bareWiring, databases, silent } from './test-support.ts'
import type { TestDatabase } from './test-support.ts'
import { isPrivate } from './webhook-target.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver that keeps what comes and answers as it is told to; it never answers where it is told nothing. */
async function openReceiver() {
  const received: Received[] = []
  const held: ServerResponse[] = []
  const answers: (number | 'never')[] = []
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    received.push({ headers: request.headers, body })
    const answer = answers.shift() ?? 204
    if (answer === 'never') held.push(response)
    else response.writeHead(answer, { location: '/elsewhere' }).end('x'.repeat(100_000))
  }
  const server = createServer((request, response) => void take(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${port}/told`, received, held, answers, close }
}

test('what is private is known, in every spelling', () => {
  const inside = [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    'fe80::1',
    'fd00::1',
    '64:ff9b::7f00:1',
  ]
  const outside = ['1.1.1.1', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:1.1.1.1']
  expect([inside.filter((each) => !isPrivate(each)), outside.filter(isPrivate)]).toEqual([[], []])
})

describe.each(databases)('on $name', { timeout: 120_000 }, ({ openMigrated }) => {
  let at: TestDatabase
  let domain: Domain
  let storeId: string
  let receiver: Awaited<ReturnType<typeof openReceiver>>

  beforeAll(async () => {
    at = await openMigrated()
    domain = await createDomain({
      database: at.database,
      wiring: bareWiring,
      distribution: bareDistribution,
      env: {},
      dataDir: at.dataDir,
      log: silent,
    })
    await domain.users.create({
      email: 'owner@example.com',
      name: 'Owner',
      password: 'correct horse',
      permissions: [],
    })
    storeId = (await domain.stores.list())[0]?.id ?? ''
    receiver = await openReceiver()
    await domain.queue.work({ jobs: [], listeners: [] })
  }, 120_000)
  afterAll(async () => {
    await domain?.close()
    await receiver?.close()
    await at?.close()
  }, 60_000)

  const refusalOf = (run: Promise<unknown>) =>
    run.then(
      () => 'done',
      (error: Error) => error.message,
    )
  const allow = (isAllowed: boolean) =>
    domain.settings.set('core', 'webhooksReachPrivate', isAllowed)
  const listen = async () => {
    await allow(true)
    return domain.webhooks.create(storeId, { url: receiver.url, events: ['product.created'] })
  }
  const happen = () => domain.products.create({ name: 'Tea', price: '1' })
  const newest = async (id: string) => (await domain.webhooks.deliveries(id, { limit: 1 })).items[0]
  /** Waits for the first try of a delivery, which is due at once; the second is not, and cannot be taken for it. */
  const firstTry = async (id: string) => {
    for (;;) {
      const delivery = await newest(id)
      if (delivery && delivery.tries > 0) return delivery
      await sleep(20)
    }
  }
  /** Waits for a delivery that is as asked; what is to be tried later is tried now. */
  const until = async (id: string, isIt: (delivery: WebhookDelivery) => boolean) => {
    for (;;) {
      const delivery = await newest(id)
      if (delivery && isIt(delivery)) return delivery
      await sql`update jobs.job set start_after = now() where name = 'webhooks' and state = 'created'`.execute(
        at.database.db,
      )
      await sleep(20)
    }
  }

  test('a message arrives once, signed with the secret that was shown once', async () => {
    const { secret, ...webhook } = await listen()
    expect(await domain.webhooks.list(storeId)).toEqual([webhook])
    const { id: productId } = await happen()
    const delivery = await until(webhook.id, ({ status }) => status !== 'waiting')
    expect(delivery).toEqual({
      id: delivery.id,
      webhookId: webhook.id,
      event: 'product.created',
      status: 'delivered',
      tries: 1,
      responseStatus: 204,
      ms: expect.any(Number),
      failure: null,
      createdAt: expect.any(String),
      triedAt: expect.any(String),
      nextTryAt: null,
    })
    const [message] = receiver.received.splice(0)
    const body = message?.body ?? ''
    expect(JSON.parse(body)).toEqual({
      id: expect.stringMatching(/^\S{22}$/),
      event: 'product.created',
      storeId,
      createdAt: expect.any(String),
      data: { productId, storeId },
    })
    const seconds = /^t=(\d+),/.exec(String(message?.headers['bitcartcc-signature']))?.[1]
    const wanted = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
    expect(message?.headers).toMatchObject({
      'bitcartcc-event': 'product.created',
      'bitcartcc-delivery': delivery.id,
      'bitcartcc-signature': `t=${seconds},v1=${wanted}`,
    })
    const again = await domain.webhooks.redeliver(delivery.id)
    await until(webhook.id, ({ id, status }) => id === again.id && status === 'delivered')
    expect(receiver.received.splice(0).map((each) => each.body)).toEqual([body])
    await domain.webhooks.remove(webhook.id)
  })

  test('500 is tried again, and then it arrives', async () => {
    const { id } = await listen()
    receiver.answers.push(500, 302)
    await happen()
    const failed = await firstTry(id)
    expect([failed.status, failed.failure, failed.nextTryAt === null]).toEqual([
      'waiting',
      'It answered 500.',
      false,
    ])
    expect(await until(id, ({ status }) => status !== 'waiting')).toMatchObject({
      status: 'delivered',
      tries: 3,
      responseStatus: 204,
      failure: null,
    })
    const bodies = receiver.received.splice(0).map((each) => each.body)
    expect([bodies.length, new Set(bodies).size]).toEqual([3, 1])
    await domain.webhooks.remove(id)
  })

  test('one that never answers is given up after 8 tries, and can be sent again', async () => {
    const { id } = await listen()
    await domain.settings.set('core', 'webhookSeconds', 1)
    receiver.answers.push('never', ...Array.from({ length: 7 }, () => 503))
    await happen()
    const first = await firstTry(id)
    expect([first.responseStatus, first.failure]).toEqual([null, 'It did not answer within 1 s.'])
    const parked = await until(id, ({ status }) => status !== 'waiting')
    expect(parked).toMatchObject({
      status: 'parked',
      tries: 8,
      responseStatus: 503,
      nextTryAt: null,
    })
    const again = await domain.webhooks.redeliver(parked.id)
    expect(
      await until(id, (each) => each.id === again.id && each.status !== 'waiting'),
    ).toMatchObject({
      status: 'delivered',
      tries: 1,
    })
    receiver.received.length = 0
    await domain.webhooks.remove(id)
  })

  test('a private address is refused where it is typed, and where it is called', async () => {
    const { id } = await listen()
    const named = await domain.webhooks.create(storeId, {
      url: receiver.url.replace('127.0.0.1', 'localhost'),
      events: ['product.created'],
    })
    await allow(false)
    await happen()
    const deliveries = [await firstTry(id), await firstTry(named.id)]
    const refused = 'The address leads to this machine or its own network.'
    expect([deliveries.map(({ failure }) => failure), receiver.received]).toEqual([
      [refused, refused],
      [],
    ])
    await domain.webhooks.remove(named.id)
    const typed = (url: string) =>
      refusalOf(domain.webhooks.create(storeId, { url, events: ['invoice.paid'] }))
    const inside = 'url: must not be an address of this machine or its network'
    expect([
      await typed('http://127.1/'),
      await typed('http://0x7f000001/'),
      await typed('http://[::ffff:127.0.0.1]/'),
      await typed('https://shop.localhost/'),
      await typed('ftp://example.com/'),
      await typed('https://me:secret@example.com/'),
    ]).toEqual([
      inside,
      inside,
      inside,
      inside,
      'url: must be an address that begins with https:// or http://',
      'url: must not contain a user or a password: check the signature instead',
    ])
    await domain.webhooks.remove(id)
  })

  test('only what was asked for is told, to who is switched on, and not what was undone', async () => {
    const { id } = await listen()
    await refusalOf(
      domain.products.createMany([
        { name: 'Tea', price: '1' },
        { name: '', price: '1' },
      ]),
    )
    await domain.webhooks.update(id, { isEnabled: false })
    await happen()
    await domain.webhooks.update(id, { isEnabled: true, events: ['product.deleted'] })
    await happen()
    expect(await domain.webhooks.deliveries(id, { limit: 9 })).toEqual({ items: [], next: null })
    expect(await refusalOf(domain.webhooks.update(id, { events: ['invoice.lost'] }))).toBe(
      'events: has invoice.lost, which never happens here',
    )
    await domain.webhooks.remove(id)
  })
})

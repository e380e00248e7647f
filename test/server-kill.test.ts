import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { count, isLong } from './counts.ts'
import { plainEnv } from './support/compose.ts'
import { builtStandard, freePort, serve, type Served } from './support/distribution.ts'
import { findPostgres, openCluster, type Cluster } from './support/postgres.ts'
import { randomFrom, seed } from './support/random.ts'

const bin = await findPostgres()
const databases = [
  { name: 'the embedded database', isServer: false },
  { name: 'PostgreSQL', isServer: true },
].filter(
  // A server of its own is made for the long run alone.
  ({ isServer }) => !isServer || (bin !== undefined && isLong),
)

describe.each(databases)('a server that is killed, on $name', ({ isServer }) => {
  let folder: string
  let dataDir: string
  let cluster: Cluster | undefined
  let told: Server
  const env: Record<string, string> = {
    CORE_ORDERS_PER_MINUTE: '0',
    CORE_WEBHOOKS_REACH_PRIVATE: 'true',
  }
  /** Ids of products that a webhook was told of. */
  const heard = new Set<string>()
  const signIn = { email: 'owner@example.com', password: 'correct horse' }

  beforeAll(async () => {
    folder = (await builtStandard()).folder
    dataDir = await mkdtemp(join(tmpdir(), 'compose-killed-'))
    if (isServer && bin !== undefined) {
      cluster = await openCluster(bin)
      env['DATABASE_URL'] = cluster.url
      await execa(process.execPath, [join(folder, 'server.js'), 'migrate'], {
        env: { ...plainEnv(), ...env, DATA_DIR: dataDir },
        extendEnv: false,
      })
    }
    told = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        const { data } = JSON.parse(text) as { data: { productId: string } } // WebhookMessage of the SDK
        heard.add(data.productId)
        response.end()
      })
    })
    await new Promise<void>((done) => told.listen(0, '127.0.0.1', done))
  }, 600_000)
  afterAll(async () => {
    told?.close()
    await cluster?.remove()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  const start = async () => serve(folder, { env, dataDir, port: await freePort() })

  async function asker(url: string) {
    const json = { 'content-type': 'application/json' }
    const send = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${url}/api${path}`, {
        method: 'POST',
        headers: { ...json, ...headers },
        body: JSON.stringify(body),
      })
    await send('/users', { ...signIn, name: 'Owner' })
    const session = await send('/session', signIn)
    const { csrfToken } = (await session.json()) as { csrfToken: string } // Session of the SDK
    const cookie = session.headers
      .getSetCookie()
      .map((text) => text.split(';')[0])
      .join('; ')
    const headers = { cookie, 'x-csrf-token': csrfToken }
    return {
      make: (path: string, body: object) => send(path, body, headers),
      async read<T>(path: string): Promise<T> {
        return (await (await fetch(`${url}/api${path}`, { headers })).json()) as T // the caller names the shape
      },
    }
  }

  test(
    'every write it acknowledged is there, with its entry in the list of changes, and every event is delivered',
    { timeout: 1_200_000 },
    async () => {
      const from = seed()
      const random = randomFrom(from)
      const acknowledged: string[] = []
      const invoices: string[] = []
      let server: Served = await start()
      const { read, make } = await asker(server.url)
      const [store] = await read<{ id: string }[]>('/stores')
      const { port } = told.address() as AddressInfo // it listens on TCP
      const url = `http://127.0.0.1:${port}/told`
      expect(
        (await make(`/stores/${store?.id}/webhooks`, { url, events: ['product.created'] })).status,
      ).toBe(201)
      for (let round = 0; round < count(1, 12); round++) {
        const shop = await asker(server.url)
        let isUp = true
        const load = Array.from({ length: 4 }, async () => {
          while (isUp) {
            try {
              const made = await shop.make('/products', {
                name: `Round ${round}`,
                price: '1',
                stock: 9,
              })
              if (made.status !== 201) continue
              const { id } = (await made.json()) as { id: string } // Product of the SDK
              acknowledged.push(id)
              const cart = (await (await shop.make('/carts', {})).json()) as { id: string } // Cart of the SDK
              await fetch(`${server.url}/api/carts/${cart.id}/items/${id}`, {
                method: 'PUT',
                headers: { 'content-type': 'application/json' },
                body: '{"quantity":1}',
              })
              const order = await shop.make(`/carts/${cart.id}/checkout`, {
                email: 'b@example.com',
              })
              if (order.status === 201) invoices.push(((await order.json()) as { id: string }).id) // Invoice of the SDK
            } catch {
              return // the server is gone
            }
          }
        })
        await delay(300 + random() * 700)
        process.kill(server.pid, 'SIGKILL')
        isUp = false
        await Promise.all(load)
        server = await start()
      }
      expect(acknowledged.length, `seed ${from}`).toBeGreaterThan(0)

      const shop = await asker(server.url)
      const all = async <T>(path: string) => {
        const found: T[] = []
        let cursor: string | null = ''
        while (cursor !== null) {
          const page: { items: T[]; next: string | null } = await shop.read(
            `${path}limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`,
          )
          found.push(...page.items)
          cursor = page.next
        }
        return found
      }
      const ids = async (path: string) =>
        new Set((await all<{ id: string }>(path)).map(({ id }) => id))
      const products = await ids('/products?')
      const orders = await ids('/invoices?')
      const entries = await all<{ action: string }>('/audit?')
      expect(
        {
          lost: acknowledged.filter((id) => !products.has(id)),
          lostOrders: invoices.filter((id) => !orders.has(id)),
          // Made and written down together: as many entries as products.
          written: entries.filter(({ action }) => action === 'POST /api/products').length,
        },
        `seed ${from}`,
      ).toEqual({ lost: [], lostOrders: [], written: products.size })
      while ([...products].some((id) => !heard.has(id))) await delay(200)

      if (cluster) {
        await cluster.stop()
        const ready = async () => (await fetch(`${server.url}/health/ready`)).status
        expect(await ready()).toBe(503)
        expect((await shop.make('/products', { name: 'Nowhere', price: '1' })).status).toBe(503)
        await cluster.start()
        while ((await ready()) !== 200) await delay(100)
        const made = await shop.make('/products', { name: 'Again', price: '1' })
        const { id } = (await made.json()) as { id: string } // Product of the SDK
        while (!heard.has(id)) await delay(200)
      }
      expect(await server.stop()).toBe(0)
    },
  )
})

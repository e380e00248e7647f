import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import pg from 'pg'
import { plainEnv } from '../support/compose.ts'
import { freePort, serve } from '../support/distribution.ts'

/** Requests of one kind under load: 16 at a time. */
export interface Load {
  readonly name: string
  readonly perSecond: number
  /** 99 of 100 are answered within. */
  readonly p99Seconds: number
  /** Of what a bare program with the same queries answers; 1 is as many. */
  readonly ofBare: number
}

type Ask = (at: number) => {
  readonly method: string
  readonly path: string
  readonly body?: string
}

/** The product list and the making of invoices on a distribution, beside Fastify and pg alone, on one database of the server. */
export async function loads(folder: string, serverUrl: string): Promise<readonly Load[]> {
  const name = `compose_load_${process.pid}`
  const administrator = new pg.Client({ connectionString: serverUrl })
  await administrator.connect()
  const work = await mkdtemp(join(tmpdir(), 'compose-bench-load-'))
  await administrator.query(`create database ${name}`)
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href
  const env = { DATABASE_URL: url, CORE_ORDERS_PER_MINUTE: '0' }
  try {
    await execa(process.execPath, [join(folder, 'server.js'), 'migrate'], {
      env: { ...plainEnv(), ...env, DATA_DIR: work },
      extendEnv: false,
    })
    await seed(url)
    const server = await serve(folder, { env, dataDir: work, port: await freePort() })
    const port = await freePort()
    const bare = spawn(process.execPath, [join(import.meta.dirname, 'bare.ts')], {
      env: { ...plainEnv(), ...env, PORT: String(port) },
      stdio: 'inherit',
    })
    try {
      const bareUrl = `http://127.0.0.1:${port}`
      while (!(await fetch(`${bareUrl}/api/products`).catch(() => undefined))) await delay(50)
      const list: Ask = () => ({ method: 'GET', path: '/api/products' })
      const order =
        (whose: string): Ask =>
        (at) => ({
          method: 'POST',
          path: `/api/carts/${whose}-${at}/checkout`,
          body: '{"email":"buyer@example.com"}',
        })
      // Each once before it counts: what is compiled late, is compiled by then.
      for (const each of [server.url, bareUrl]) await under(each, list, 500)
      await under(server.url, order('warm'), 300)
      await under(bareUrl, order('warm-bare'), 300)
      const row = (title: string, ours: Seen, theirs: Seen): Load => ({
        name: title,
        ...ours,
        ofBare: ours.perSecond / theirs.perSecond,
      })
      return [
        row('product list', await under(server.url, list, 4000), await under(bareUrl, list, 4000)),
        row(
          'invoice made',
          await under(server.url, order('ours'), 1000),
          await under(bareUrl, order('bare'), 1000),
        ),
      ]
    } finally {
      bare.kill()
      await server.stop()
    }
  } finally {
    await administrator.query(`drop database if exists ${name} with (force)`)
    await administrator.end()
    await rm(work, { recursive: true, force: true })
  }
}

/** A store, 200 products, and carts with one of them each. */
async function seed(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`
    insert into core.stores (id, name, currency) values ('store', 'Store', 'USD');
    insert into core.products (id, store_id, name, description, price, category)
      select 'product-' || n, 'store', 'Product ' || n, repeat('Words of it. ', 20), 12.50, 'kitchen' from generate_series(1, 200) n;
    insert into core.carts (id, store_id)
      select whose || '-' || n, 'store' from unnest(array['warm', 'warm-bare', 'ours', 'bare']) whose, generate_series(0, 999) n;
    insert into core.cart_items (cart_id, product_id, quantity)
      select id, 'product-' || (1 + abs(hashtext(id)) % 200), 1 from core.carts;
    analyze core.products, core.carts, core.cart_items`)
  await client.end()
}

interface Seen {
  readonly perSecond: number
  readonly p99Seconds: number
}

/** Asks so many times, 16 at a time over connections that stay; an answer that is none ends it. */
async function under(url: string, ask: Ask, times: number): Promise<Seen> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const took: number[] = []
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < times) {
        const { method, path, body } = ask(next++)
        const from = performance.now()
        await one(agent, new URL(path, url), method, body)
        took.push(performance.now() - from)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  const slow = took.toSorted((a, b) => a - b)[Math.ceil(took.length * 0.99) - 1] ?? 0
  return { perSecond: times / seconds, p99Seconds: slow / 1000 }
}

const one = (agent: Agent, url: URL, method: string, body: string | undefined): Promise<void> =>
  new Promise((done, fail) => {
    const asked = request(url, { agent, method, headers: { 'content-type': 'application/json' } })
    asked.once('error', fail)
    asked.once('response', (response) => {
      response.resume()
      response.once('error', fail)
      response.once('end', () =>
        (response.statusCode ?? 500) < 300
          ? done()
          : fail(new Error(`${method} ${url.pathname} answered ${response.statusCode}`)),
      )
    })
    asked.end(body)
  })

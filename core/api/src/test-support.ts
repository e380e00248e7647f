import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { createDomain } from '@bitcartcc/domain'
import type { Domain } from '@bitcartcc/domain/domain'
import { hashPassword } from '@bitcartcc/domain/passwords'
import {
  bareDistribution,
  databases,
  silent,
  type TestDatabase,
} from '@bitcartcc/domain/test-support'
import type { User } from '@bitcartcc/sdk/resources'
import { bind, HttpError, Type } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { createApi, type ApiOptions } from './index.ts'

interface Guestbook {
  name: 'guestbook'
  permission: 'guestbook.read'
  settings: object
  storeSettings: object
  userSettings: object
  jobs: object
  emits: object
  consumes: object
  templates: object
  metadata: { product: { page: number }; cart: { dedication: string; shelf: string } }
  tables: object
}
const { route, routes, paymentMethod, rateProvider, notifyChannel, hook } = bind<Guestbook>()
const Entry = Type.Object({ name: Type.String({ minLength: 2 }), age: Type.Integer() })

const Letter = Type.Object({
  bytes: Type.Array(Type.Integer()),
  type: Type.String(),
  signature: Type.String(),
  leaked: Type.String(),
})
const Page = Type.Object({ page: Type.Integer() })

const guestbookRoutes = routes({
  'GET /': route({ permission: 'guestbook.read', returns: Type.Array(Entry) }, async () => []),
  'POST /entries/:page': route(
    {
      permission: 'public',
      params: Type.Object({ page: Type.Integer() }),
      query: Type.Object({ tags: Type.Optional(Type.Array(Type.String())) }),
      body: Entry,
      returns: Type.Unknown(),
    },
    async (request, { visitor, user }) => ({ ...request, visitor, user: user?.email ?? null }),
  ),
  'POST /letters': route(
    { permission: 'public', raw: true, bodyLimitBytes: 100, returns: Letter },
    async ({ body, headers }) => ({
      bytes: [...body],
      type: headers['content-type'] ?? '',
      signature: headers['x-signature'] ?? '',
      leaked: headers['cookie'] ?? headers['authorization'] ?? '',
    }),
  ),
  'GET /pages/:from': route(
    { permission: 'guestbook.read', params: Type.Object({ from: Type.Integer() }), events: Page },
    async function* ({ params }, { signal }) {
      if (params.from > 9) throw new HttpError(404, 'There are nine pages.')
      for (let page = params.from; page < 10 && !signal.aborted; page += 1)
        yield { page, secret: 'of the house' }
    },
  ),
  'GET /break': route({ permission: 'public', returns: Entry }, async () => {
    throw new Error('the secret of the house')
  }),
})

const tidyName = hook('product.saving', async (input, { productId }) => {
  if (input.category === 'forbidden')
    throw new HttpError(422, 'category: is not sold here', [
      { field: 'category', says: productId === null ? 'is not sold here' : 'cannot become that' },
    ])
  return input.name === undefined ? input : { ...input, name: input.name.replace(/^the /i, '') }
})
const politeOnly = hook('checkout.starting', async (order, { cart }) => {
  if (order.email.startsWith('rude@')) throw new HttpError(409, `Not ${cart.items.length} for you.`)
  return { ...order, email: order.email.replace('+news', '') }
})

/** Whoever writes into the guestbook of somebody has paid. */
const favour = paymentMethod({
  account: Type.Object({ page: Type.Integer({ title: 'Page', minimum: 1 }) }),
  preview: async ({ page }) => [{ title: 'Page', text: `No. ${page}` }],
  demand: async ({ invoiceNumber }, { page }) => ({
    amount: '1',
    currency: 'ENTRY',
    address: `page ${page}`,
    uri: '',
    qr: `invoice ${invoiceNumber}`,
    confirmations: 0,
    metadata: { page },
  }),
})

/** Whoever is told finds it on a page. */
const page = notifyChannel({
  target: Type.Object({ page: Type.Integer({ title: 'Page', minimum: 1 }) }),
  nameOf: (target) => `page ${target.page}`,
  toBuyer: () => ({ page: 1 }),
  send: async () => {},
})

export const wiring: ServerWiring = {
  plugins: [
    {
      name: 'guestbook',
      version: '1.0.0',
      title: 'Guestbook',
      permissions: { 'guestbook.read': 'Read the guestbook' },
      settings: {
        rules: { type: 'string', title: 'Rules of the house', default: 'None', scope: 'store' },
        key: { type: 'string', title: 'Key', secret: true, scope: 'store' },
        color: {
          type: 'string',
          title: 'Ink',
          enum: { blue: 'Blue ink', black: 'Black ink' },
          scope: 'user',
        },
      },
      templates: {},
      jobs: {},
      emits: {},
      metadata: {
        product: { page: { type: 'integer', title: 'Page' } },
        cart: {
          dedication: { type: 'string', title: 'Dedication', maxLength: 20, openTo: 'buyers' },
          shelf: { type: 'string', title: 'Shelf' },
        },
      },
    },
  ],
  api: { routes: [{ plugin: 'guestbook', routes: guestbookRoutes }] },
  worker: { jobs: [], listeners: [] },
  payments: {
    methods: [{ plugin: 'guestbook', name: 'favour', title: 'A favour', method: favour }],
  },
  notify: { channels: [{ plugin: 'guestbook', name: 'page', title: 'A page', channel: page }] },
  rates: {
    providers: [
      {
        plugin: 'guestbook',
        name: 'regulars',
        title: 'The regulars',
        provider: rateProvider({
          rate: async ({ base }) => (base === 'BTC' ? { rate: '57891.12' } : undefined),
        }),
      },
    ],
  },
  commands: { commands: [] },
  hooks: {
    hooks: [
      { plugin: 'guestbook', hook: tidyName },
      { plugin: 'guestbook', hook: politeOnly },
    ],
  },
}

export const distribution = bareDistribution

export const owner = { email: 'owner@example.com', name: 'Owner', password: 'correct horse' }

/** One browser: it keeps its cookies and sends back its CSRF token. */
export interface Browser {
  send(method: InjectOptions['method'], url: string, body?: object): Promise<Answer>
  readonly cookies: Map<string, string>
  csrfToken: string
}
export interface Answer {
  readonly status: number
  readonly body: any // oxlint-disable-line typescript/no-explicit-any -- whatever the answer holds
  readonly headers: Readonly<Record<string, unknown>>
}

export interface Shop {
  readonly app: FastifyInstance
  readonly domain: Domain
  database(): TestDatabase
  browser(): Browser
  /** Somebody more, once there is a first: a test that makes hundreds does not wait for as many hashes. */
  newUser(permissions?: readonly string[]): Promise<User>
  /** A browser in which somebody has signed in. */
  signedIn(who: { email: string; password: string }): Promise<Browser>
}

/** A shop for the tests of one file, on an embedded database unless another is named; `options` go to the API. */
export function useShop(options: Partial<ApiOptions> = {}, database = databases[0]): Shop {
  let at: TestDatabase
  const shop = {} as { app: FastifyInstance; domain: Domain } & Shop // filled before the first test
  beforeAll(async () => {
    if (!database) throw new Error('no database to test on')
    at = await database.openMigrated()
    shop.domain = await createDomain({
      database: at.database,
      wiring,
      distribution,
      env: { CORE_ORDERS_PER_MINUTE: '0' },
      dataDir: at.dataDir,
      log: silent,
    })
    shop.app = await createApi({
      wiring,
      domain: shop.domain,
      distribution,
      log: silent,
      ...options,
    })
    await shop.app.ready()
  }, 120_000)
  afterAll(async () => {
    await shop.app?.close()
    await shop.domain?.close()
    await at?.close()
  }, 60_000)
  shop.database = () => at
  shop.browser = () => browserOf(() => shop.app)
  let password: Promise<string> | undefined
  shop.newUser = async (permissions = []) => {
    const id = randomUUID()
    await at.database.pool.query(
      `insert into core.users (id, email, name, password_hash, permissions) values ($1, $2, 'User', $3, $4)`,
      [
        id,
        `${id}@example.com`,
        await (password ??= hashPassword('correct horse')),
        JSON.stringify(permissions),
      ],
    )
    const user = await shop.domain.users.get(id)
    if (!user) throw new Error('the user was just made')
    return user
  }
  shop.signedIn = async ({ email, password }) => {
    const browser = shop.browser()
    const { status, body } = await browser.send('POST', '/api/session', { email, password })
    if (status !== 200) throw new Error(`could not sign in: ${status}`)
    browser.csrfToken = body.csrfToken
    return browser
  }
  return shop
}

function browserOf(app: () => FastifyInstance): Browser {
  const cookies = new Map<string, string>()
  const browser: Browser = {
    cookies,
    csrfToken: '',
    async send(method, url, body) {
      const response = await app().inject({
        method: method ?? 'GET',
        url,
        headers: { accept: 'text/html', 'x-csrf-token': browser.csrfToken },
        cookies: Object.fromEntries(cookies),
        ...(body === undefined ? {} : { payload: body }),
      })
      for (const { name, value } of response.cookies) cookies.set(name, value)
      const isJson = /json/.test(String(response.headers['content-type']))
      return {
        status: response.statusCode,
        body: isJson ? response.json() : response.body,
        headers: response.headers,
      }
    },
  }
  return browser
}

import type { InjectOptions } from 'fastify'
import type { User } from '@bitcartcc/sdk/resources'
import { owner, type Shop } from './test-support.ts'

/** Who asks, and what shows it. */
export interface Asker {
  readonly user: User | undefined
  headers(shop: Shop): Promise<Readonly<Record<string, string>>>
}

interface Sample {
  readonly params?: Readonly<Record<string, string>>
  readonly body?: object | Buffer
}
type Prepare = (shop: Shop, user: User | undefined) => Promise<Sample>

/** Its answer does not end. */
export const streamed = 'GET /api/invoices/{id}/events'

const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0])
let made = 0

const productIn = (shop: Shop) =>
  shop.domain.products.create({ name: `Tea ${made++}`, price: '3', stock: 9 })

const cartIn = async (shop: Shop) => {
  const { id: productId } = await productIn(shop)
  const { id } = await shop.domain.carts.create()
  await shop.domain.carts.setItem(id, productId, 1)
  return { id, productId }
}

/** A pending invoice. */
const invoiceIn = async (shop: Shop) =>
  shop.domain.carts.checkout((await cartIn(shop)).id, { email: 'buyer@example.com' })

const storeIn = async (shop: Shop) => {
  const [store] = await shop.domain.stores.list()
  if (!store) throw new Error('the first user brings a store')
  return store
}

// Told of what seldom happens: hundreds of them stay, and each would be told of every product and order.
const webhook = { url: 'https://example.com/told', events: ['invoice.refunded'] }
const webhookIn = async (shop: Shop, events = webhook.events) =>
  shop.domain.webhooks.create((await storeIn(shop)).id, { ...webhook, events })

const rule = {
  channel: 'guestbook.page',
  audience: 'staff',
  values: { page: 3 },
  events: ['invoice.refunded'],
} as const
const ruleIn = async (shop: Shop, events: readonly string[] = rule.events) =>
  shop.domain.notices.create((await storeIn(shop)).id, { ...rule, events })

/** A job that no try helped. */
const parkedIn = async (shop: Shop) => {
  const { rows } = await shop
    .database()
    .database.pool.query<{ id: string }>(
      `insert into jobs.job (name, data, state, completed_on, policy) values ('jobs', $1, 'failed', now(), 'short') returning id`,
      [{ plugin: 'guestbook', job: 'bind', payload: {} }],
    )
  const [job] = rows
  if (!job) throw new Error('what is inserted has an id')
  return job
}

const receipt = async (shop: Shop, text: string): Promise<Sample> => ({
  params: { id: (await storeIn(shop)).id, plugin: 'core', name: 'receipt' },
  body: { text },
})

const of =
  (find: (shop: Shop) => Promise<{ readonly id: string }>, body?: object | Buffer): Prepare =>
  async (shop) => ({ params: { id: (await find(shop)).id }, ...(body ? { body } : {}) })

const bodyOf =
  (body: () => object): Prepare =>
  async () => ({ body: body() })

const userIn = (shop: Shop) => shop.newUser()

const memberIn = async (shop: Shop) => {
  const { id } = await storeIn(shop)
  const { email } = await userIn(shop)
  const { userId } = await shop.domain.members.add(id, { email, role: 'viewer' })
  return { id, userId }
}

const favour = async (shop: Shop, body: object): Promise<Sample> => ({
  params: { id: (await storeIn(shop)).id, method: 'guestbook.favour' },
  body,
})

/** What each operation is asked for: something that is there, made for this one request where it may be used up. */
const samples: Readonly<Record<string, Prepare>> = {
  'POST /api/session': bodyOf(() => ({ email: owner.email, password: owner.password })),
  'POST /api/users': bodyOf(() => ({ ...owner, email: `new${made++}@example.com` })),
  'PATCH /api/users/{id}': of(userIn, { name: 'Renamed' }),
  'DELETE /api/users/{id}': of(userIn),
  'POST /api/tokens': bodyOf(() => ({ name: 'New', permissions: [] })),
  'DELETE /api/tokens/{id}': async (shop, user) => {
    const whose = user ?? (await shop.domain.users.list())[0]
    return { params: { id: (await shop.domain.tokens.create(whose?.id ?? '', 'Old', [])).id } }
  },
  'GET /api/stores/{id}': of(storeIn),
  'POST /api/stores': bodyOf(() => ({ name: 'Second', currency: 'EUR' })),
  'PATCH /api/stores/{id}': of(storeIn, { description: 'Teas' }),
  'GET /api/stores/{id}/checkout': of(storeIn),
  'PUT /api/stores/{id}/logo': of(storeIn, picture),
  'DELETE /api/stores/{id}/logo': of(storeIn),
  'GET /api/stores/{id}/members': of(storeIn),
  'POST /api/stores/{id}/members': async (shop) => ({
    params: { id: (await storeIn(shop)).id },
    body: { email: (await userIn(shop)).email, role: 'viewer' },
  }),
  'PATCH /api/stores/{id}/members/{userId}': async (shop) => ({
    params: await memberIn(shop),
    body: { role: 'manager' },
  }),
  'DELETE /api/stores/{id}/members/{userId}': async (shop) => ({ params: await memberIn(shop) }),
  'GET /api/products/{id}': of(productIn),
  'POST /api/products': bodyOf(() => ({ name: 'New', price: '1' })),
  'PATCH /api/products/{id}': of(productIn, { price: '2' }),
  'DELETE /api/products/{id}': of(productIn),
  'POST /api/products/bulk': async (shop) => ({
    body: { ids: [(await productIn(shop)).id], action: 'change', change: { status: 'hidden' } },
  }),
  'PUT /api/products/{id}/image': of(productIn, picture),
  'DELETE /api/products/{id}/image': of(productIn),
  'GET /api/files/{id}': async (shop) => {
    const { imageUrl } = await shop.domain.products.setImage((await productIn(shop)).id, picture)
    return { params: { id: imageUrl?.replace('/api/files/', '') ?? '' } }
  },
  'POST /api/carts': bodyOf(() => ({})),
  'GET /api/carts/{id}': of(cartIn),
  'PATCH /api/carts/{id}': of(cartIn, { metadata: { guestbook: { dedication: 'For Ada' } } }),
  'PUT /api/carts/{id}/items/{productId}': async (shop) => ({
    params: await cartIn(shop),
    body: { quantity: 2 },
  }),
  'POST /api/carts/{id}/checkout': of(cartIn, { email: 'buyer@example.com' }),
  'GET /api/invoices/{id}': of(invoiceIn),
  [streamed]: of(invoiceIn),
  'PATCH /api/invoices/{id}': of(invoiceIn, { metadata: { merchant: { order: '4711' } } }),
  'POST /api/invoices/{id}/mark-paid': of(invoiceIn),
  'POST /api/invoices/{id}/invalidate': of(invoiceIn),
  'POST /api/invoices/{id}/refund': of(async (shop) =>
    shop.domain.invoices.markPaid((await invoiceIn(shop)).id),
  ),
  'POST /api/invoices/bulk': async (shop) => ({
    body: { ids: [(await invoiceIn(shop)).id], action: 'invalidate' },
  }),
  'POST /api/invoices/{id}/payment-method': of(invoiceIn, { method: 'manual' }),
  'GET /api/stores/{id}/payment-accounts': of(storeIn),
  'POST /api/stores/{id}/payment-accounts/{method}/preview': (shop) =>
    favour(shop, { values: { page: 7 } }),
  'PUT /api/stores/{id}/payment-accounts/{method}': (shop) => favour(shop, { values: { page: 7 } }),
  'GET /api/rates/{base}/{quote}': async () => ({ params: { base: 'BTC', quote: 'EUR' } }),
  'GET /api/stores/{id}/webhooks': of(storeIn),
  'POST /api/stores/{id}/webhooks': of(storeIn, webhook),
  'PATCH /api/webhooks/{id}': of(webhookIn, { isEnabled: false }),
  'DELETE /api/webhooks/{id}': of(webhookIn),
  'GET /api/webhooks/{id}/deliveries': of(webhookIn),
  'POST /api/webhook-deliveries/{id}/redeliver': of(async (shop) => {
    const { id } = await webhookIn(shop, ['product.created'])
    await productIn(shop)
    const [delivery] = (await shop.domain.webhooks.deliveries(id, { limit: 1 })).items
    if (!delivery) throw new Error('the webhook is told of products')
    await shop.domain.webhooks.update(id, { isEnabled: false })
    return delivery
  }),
  'GET /api/stores/{id}/notices': of(storeIn),
  'POST /api/stores/{id}/notices': of(storeIn, rule),
  'POST /api/stores/{id}/notices/test': of(storeIn, {
    channel: rule.channel,
    values: rule.values,
  }),
  'PATCH /api/notices/{id}': of(ruleIn, { isEnabled: false }),
  'DELETE /api/notices/{id}': of(ruleIn),
  'GET /api/notices/{id}/messages': of(ruleIn),
  'POST /api/notice-messages/{id}/resend': of(async (shop) => {
    const { id } = await ruleIn(shop, ['invoice.created'])
    await invoiceIn(shop)
    const [message] = (await shop.domain.notices.messages(id, { limit: 1 })).items
    if (!message) throw new Error('the rule is told of invoices')
    await shop.domain.notices.update(id, { isEnabled: false })
    return message
  }),
  'GET /api/stores/{id}/texts': of(storeIn),
  'POST /api/stores/{id}/texts/{plugin}/{name}/preview': async (shop) => receipt(shop, 'Thanks'),
  'PUT /api/stores/{id}/texts/{plugin}/{name}': async (shop) => receipt(shop, 'Thanks'),
  'POST /api/jobs/run-again': bodyOf(() => ({ kind: 'job', plugin: 'guestbook', name: 'bind' })),
  'POST /api/jobs/{id}/run-again': of(parkedIn),
  'DELETE /api/jobs/{id}': of(parkedIn),
  'POST /api/jobs/bulk': async (shop) => ({
    body: { ids: [(await parkedIn(shop)).id], action: 'delete' },
  }),
  'PUT /api/settings/{plugin}/{key}': async () => ({
    params: { plugin: 'core', key: 'invoiceMinutes' },
    body: { value: 60 },
  }),
  'GET /api/stores/{id}/settings': of(storeIn),
  'PUT /api/stores/{id}/settings/{plugin}/{key}': async (shop) => ({
    params: { id: (await storeIn(shop)).id, plugin: 'guestbook', key: 'rules' },
    body: { value: 'Be kind' },
  }),
  'PUT /api/profile/settings/{plugin}/{key}': async () => ({
    params: { plugin: 'guestbook', key: 'color' },
    body: { value: 'blue' },
  }),
  'POST /api/plugins/guestbook/letters': async () => ({ body: Buffer.from('Dear house') }),
  'GET /api/plugins/guestbook/pages/{from}': async () => ({ params: { from: '8' } }),
  'POST /api/plugins/guestbook/entries/{page}': async () => ({
    params: { page: '7' },
    body: { name: 'Al', age: 3 },
  }),
}

/** A well-formed request for an operation, on something that is there; with `isOfUser` the user is the thing. */
export async function requestFor(
  shop: Shop,
  operation: string,
  user: User | undefined,
  { isOfUser = false } = {},
): Promise<InjectOptions & { readonly url: string }> {
  const [method, path] = operation.split(' ') as [InjectOptions['method'], string] // the key of an operation
  const sample = (await samples[operation]?.(shop, user)) ?? {}
  const isUsers = isOfUser && path === '/api/users/{id}'
  const params: Readonly<Record<string, string>> =
    isUsers && user ? { id: user.id } : (sample.params ?? {})
  return {
    ...(method === undefined ? {} : { method }),
    ...(operation === streamed ? { payloadAsStream: true } : {}),
    url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? '')),
    ...(sample.body
      ? {
          payload: sample.body,
          ...(Buffer.isBuffer(sample.body)
            ? { headers: { 'content-type': 'application/octet-stream' } }
            : {}),
        }
      : {}),
  }
}

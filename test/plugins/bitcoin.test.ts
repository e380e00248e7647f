import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainEnv, root } from '../support/compose.ts'
import { openShop, until, type Shop } from './shop.ts'

interface Invoice {
  readonly id: string
  readonly status: string
  readonly exceptionStatus: string
  readonly paidAmount: string
  readonly payment: {
    readonly method: string
    readonly choices: readonly { readonly name: string }[]
    readonly request: {
      readonly amount: string
      readonly open: string
      readonly currency: string
      readonly address: string
      readonly uri: string
      readonly rate: {
        readonly rate: string
        readonly provider: string
        readonly at: string
      } | null
    } | null
  }
  readonly payments: readonly {
    readonly amount: string
    readonly status: string
    readonly isLate: boolean
  }[]
}

/** The account of the test vector of BIP 84, respelled for a test chain. */
const key =
  'vpub5YvMuJNjRSYon44z9QmCfdf8SqJRVNvz6m55Qy5iVjZQxDfUgtiQjnc7CC1fAbED2tAGCZRERUfvtn2DstZGU6HMns6dXXH2wujSc2wfi2x'
let shop: Shop
let chain: ChildProcess
let api = ''
let control = ''
let productId = ''
let accounts = ''

/** What CoinGecko says a bitcoin costs, and since how many seconds. */
const gecko = { price: '65000', age: 0 }
const exchange = createServer((request, response) => {
  const at = Math.floor(Date.now() / 1000) - gecko.age
  const isGecko = request.url?.startsWith('/gecko/simple/price') === true
  response
    .writeHead(isGecko ? 200 : 503)
    .end(isGecko ? `{"bitcoin":{"usd":${gecko.price},"last_updated_at":${at}}}` : '')
})

/** Something happens on the chain. */
async function happens<T = null>(verb: string, told: object = {}): Promise<T> {
  const response = await fetch(`${control}/${verb}`, { method: 'POST', body: JSON.stringify(told) })
  return (await response.json()) as T // what the fake's verb gives
}

beforeAll(async () => {
  chain = spawn(process.execPath, [join(root, 'plugins/bitcoin/test/fake-esplora-program.ts')], {
    env: plainEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve) =>
    chain.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString())),
  )
  ;({ api, control } = JSON.parse(line) as { api: string; control: string }) // what the program prints
  shop = await openShop()
  await new Promise<void>((resolve) => exchange.listen(0, '127.0.0.1', resolve))
  const { port } = exchange.address() as AddressInfo // it listens on TCP
  await rateServers(`http://127.0.0.1:${port}`)
  const [store] = await shop.get<{ id: string }[]>('GET', '/stores')
  accounts = `/stores/${store?.id}/payment-accounts/bitcoin.onchain`
  productId = (await shop.get<{ id: string }>('POST', '/products', { name: 'Mug', price: '13' })).id
})
afterAll(async () => {
  exchange.closeAllConnections()
  exchange.close()
  await shop?.stop()
  chain?.kill()
})

/** Has both providers asked there, and at each time anew. */
async function rateServers(url: string) {
  const set = (plugin: string, key: string, value: unknown) =>
    shop.get('PUT', `/settings/${plugin}/${key}`, { value })
  await set('rates', 'coingeckoUrl', `${url}/gecko`)
  await set('rates', 'krakenUrl', `${url}/kraken`)
  await set('core', 'rateSeconds', 0)
}

async function order(): Promise<Invoice> {
  const cart = await shop.get<{ id: string }>('POST', '/carts', {}, null)
  await shop.get('PUT', `/carts/${cart.id}/items/${productId}`, { quantity: 1 }, null)
  return shop.get(
    'POST',
    `/carts/${cart.id}/checkout`,
    { email: 'buyer@example.com', method: 'bitcoin.onchain' },
    null,
  )
}
const shown = (id: string) => shop.get<Invoice>('GET', `/invoices/${id}`, undefined, null)
const isNow = (id: string, status: string, exception = 'none') =>
  until(
    () => shown(id),
    (invoice) => invoice.status === status && invoice.exceptionStatus === exception,
  )
const brief = ({ status, exceptionStatus, paidAmount, payments, payment }: Invoice) => ({
  status,
  exceptionStatus,
  paidAmount,
  open: payment.request?.open,
  payments: payments.map((each) => `${each.amount} ${each.status}`),
})
const sentTo = (invoice: Invoice, satoshi: number) =>
  happens<string>('pay', { address: invoice.payment.request?.address, satoshi })

const noRate =
  /^There is no rate of BTC in USD\. CoinGecko: its rate is too old, of \S+Z\. Kraken: The server 127\.0\.0\.1:\d+ answers with 503\.$/

test('an account without a price or a rate is refused at its field, and a good one shows where money goes', async () => {
  const values = { key, server: api, confirmations: 1 }
  gecko.age = 3_600
  expect(await shop.call('PUT', accounts, { values })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'price', says: expect.stringMatching(noRate) }] },
  })
  gecko.age = 0
  expect((await shop.get<object[]>('POST', `${accounts}/preview`, { values })).at(-1)).toEqual({
    title: 'One bitcoin',
    text: '65000 USD, CoinGecko',
  })
  const priced = { values: { ...values, price: '65000 USD' } }
  expect(await shop.get('POST', `${accounts}/preview`, priced)).toEqual([
    { title: 'Address 1', text: expect.stringMatching(/^tb1q/) },
    { title: 'Address 2', text: expect.stringMatching(/^tb1q/) },
    { title: 'Address 3', text: expect.stringMatching(/^tb1q/) },
    { title: 'Chain', text: 'A test chain, 101 blocks' },
    { title: 'One bitcoin', text: '65000 USD, Fixed price' },
  ])
  await shop.get('PUT', accounts, priced)
})

test('orders at the same time get addresses of their own, and none that somebody has paid to', async () => {
  const values = { key, server: api, confirmations: 1, price: '65000 USD' }
  const [first, second, third] = (
    await shop.get<{ text: string }[]>('POST', `${accounts}/preview`, { values })
  ).map(({ text }) => text)
  await happens('pay', { address: second, satoshi: 1 })
  const invoices = await Promise.all(Array.from({ length: 12 }, order))
  const addresses = new Set(invoices.map((invoice) => invoice.payment.request?.address))
  expect({
    count: addresses.size,
    first: addresses.has(first),
    second: addresses.has(second),
    third: addresses.has(third),
  }).toEqual({ count: 12, first: true, second: false, third: true })
})

// At the same time: what arrives is looked for every ten seconds, and each step waits for a look.
test('an invoice is paid in parts, and complete with its block; a part too much is said, and a double spend makes another invalid', async () => {
  const [invoice, cheated] = [await order(), await order()]
  expect(invoice.payment.request).toMatchObject({
    amount: '0.00020000',
    currency: 'BTC',
    uri: `bitcoin:${invoice.payment.request?.address}?amount=0.0002&label=Invoice%2013`,
  })
  await sentTo(invoice, 5_000)
  const id = await sentTo(cheated, 20_000)
  expect(brief(await isNow(invoice.id, 'pending', 'paid_partial'))).toEqual({
    status: 'pending',
    exceptionStatus: 'paid_partial',
    paidAmount: '3.25',
    open: '0.00015000',
    payments: ['0.00005000 seen'],
  })
  await isNow(cheated.id, 'paid')
  await sentTo(invoice, 16_000)
  await happens('replace', { id, address: 'tb1qthief', satoshi: 19_000 })
  expect((await isNow(invoice.id, 'paid', 'paid_over')).paidAmount).toBe('13.65')
  expect(brief(await isNow(cheated.id, 'invalid', 'failed_confirm')).payments).toEqual([
    '0.00020000 failed',
  ])
  await happens('mine', { blocks: 1 })
  expect(brief(await isNow(invoice.id, 'complete', 'paid_over')).payments).toEqual([
    '0.00005000 settled',
    '0.00016000 settled',
  ])
})

test('a server that fails costs no order: the merchant sees why, and it is tried again', async () => {
  await happens('trouble', { trouble: 'error' })
  const invoice = await order()
  expect(invoice.payment).toMatchObject({ method: 'bitcoin.onchain', request: null })
  expect(await shop.get('GET', accounts.replace(/\/[^/]*$/, ''))).toMatchObject([
    {
      method: 'bitcoin.onchain',
      failure: { says: `The Esplora server ${new URL(api).host} answers with 503.` },
    },
    { method: 'manual', failure: null },
  ])
  await happens('trouble', { trouble: 'none' })
  const again = await shop.get<Invoice>(
    'POST',
    `/invoices/${invoice.id}/payment-method`,
    { method: 'bitcoin.onchain' },
    null,
  )
  expect(again.payment.request?.amount).toBe('0.00020000')
})

test('an order costs what the rate of its moment says, and keeps it', async () => {
  await shop.get('PUT', accounts, { values: { key, server: api, confirmations: 1 } })
  gecko.price = '61234.56'
  const first = await order()
  gecko.price = '130000'
  const second = await order()
  const priced = ({ payment: { request } }: Invoice) => ({
    amount: request?.amount,
    rate: request?.rate,
  })
  const at = expect.stringMatching(/Z$/) as unknown
  expect([await shown(first.id), second].map(priced)).toEqual([
    { amount: '0.00021230', rate: { rate: '61234.56', provider: 'CoinGecko', at } },
    { amount: '0.00010000', rate: { rate: '130000', provider: 'CoinGecko', at } },
  ])
})

test('with no rate an order stands, the buyer is told plainly, and the merchant why', async () => {
  gecko.age = 3_600
  const invoice = await order()
  expect(invoice.payment).toMatchObject({ method: 'bitcoin.onchain', request: null })
  const path = `/invoices/${invoice.id}/payment-method`
  expect(await shop.call('POST', path, { method: 'bitcoin.onchain' }, null)).toMatchObject({
    status: 409,
    body: {
      detail:
        'Bitcoin cannot be used for this invoice right now. Choose another way to pay, or try again later.',
    },
  })
  expect(await shop.get('GET', accounts.replace(/\/[^/]*$/, ''))).toMatchObject([
    { method: 'bitcoin.onchain', failure: { says: expect.stringMatching(noRate) } },
    { method: 'manual', failure: null },
  ])
  expect(await shop.get('GET', '/rates/BTC/USD')).toMatchObject([
    { provider: 'rates.coingecko', title: 'CoinGecko', rate: '130000' },
    { provider: 'rates.kraken', title: 'Kraken', rate: null, at: null },
  ])
})

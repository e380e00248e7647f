import { spawn, type ChildProcess } from 'node:child_process'
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
  const [store] = await shop.get<{ id: string }[]>('GET', '/stores')
  accounts = `/stores/${store?.id}/payment-accounts/bitcoin.onchain`
  productId = (await shop.get<{ id: string }>('POST', '/products', { name: 'Mug', price: '13' })).id
})
afterAll(async () => {
  await shop?.stop()
  chain?.kill()
})

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

test('an account without a price is refused at its field, and a good one shows where money goes', async () => {
  const values = { key, server: api, confirmations: 1 }
  expect(await shop.call('PUT', accounts, { values })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'price', says: 'must be given: the store counts in USD' }] },
  })
  const priced = { values: { ...values, price: '65000 USD' } }
  expect(await shop.get('POST', `${accounts}/preview`, priced)).toEqual([
    { title: 'Address 1', text: expect.stringMatching(/^tb1q/) },
    { title: 'Address 2', text: expect.stringMatching(/^tb1q/) },
    { title: 'Address 3', text: expect.stringMatching(/^tb1q/) },
    { title: 'Chain', text: 'A test chain, 101 blocks' },
    { title: 'One bitcoin', text: '65000 USD' },
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

test('an invoice is paid in parts, and complete with its block; a part too much is said', async () => {
  const invoice = await order()
  expect(invoice.payment.request).toMatchObject({
    amount: '0.00020000',
    currency: 'BTC',
    uri: `bitcoin:${invoice.payment.request?.address}?amount=0.0002&label=Invoice%2013`,
  })
  await sentTo(invoice, 5_000)
  expect(brief(await isNow(invoice.id, 'pending', 'paid_partial'))).toEqual({
    status: 'pending',
    exceptionStatus: 'paid_partial',
    paidAmount: '3.25',
    open: '0.00015000',
    payments: ['0.00005000 seen'],
  })
  await sentTo(invoice, 16_000)
  expect((await isNow(invoice.id, 'paid', 'paid_over')).paidAmount).toBe('13.65')
  await happens('mine', { blocks: 1 })
  expect(brief(await isNow(invoice.id, 'complete', 'paid_over')).payments).toEqual([
    '0.00005000 settled',
    '0.00016000 settled',
  ])
})

test('a double spend makes an invoice invalid', async () => {
  const invoice = await order()
  const id = await sentTo(invoice, 20_000)
  await isNow(invoice.id, 'paid')
  await happens('replace', { id, address: 'tb1qthief', satoshi: 19_000 })
  expect(brief(await isNow(invoice.id, 'invalid', 'failed_confirm')).payments).toEqual([
    '0.00020000 failed',
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

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OpenDemand, ReportedPayment } from '@bitcartcc/sdk/server'
import { esploraAt } from '../payments/esplora.ts'
import { paymentsAt } from '../payments/payments-at.ts'
import { FakeEsplora } from './fake-esplora.ts'

const fake = new FakeEsplora()
let api = ''
beforeAll(async () => {
  api = await fake.listen()
})
beforeEach(() => {
  fake.trouble = 'none'
  fake.lag(false)
})
afterAll(() => fake.close())

let count = 0
/** One address, and a shop that remembers what it was told, as core does. */
function watch() {
  const address = `bc1qshop${++count}`
  let known: readonly Required<ReportedPayment>[] = []
  const look = async () => {
    const demand: OpenDemand = {
      requestId: 'r',
      amount: '0.00001000',
      currency: 'BTC',
      address,
      uri: '',
      qr: '',
      confirmations: 2,
      metadata: {},
      payments: known,
    }
    const told = await paymentsAt(esploraAt(api, new AbortController().signal), demand)
    const news = new Map(
      told.map((each) => [each.reference, { isFailed: false, metadata: {}, ...each }]),
    )
    known = [
      ...known.map((each) => news.get(each.reference) ?? each),
      ...[...news.values()].filter(
        ({ reference }) => !known.some((each) => each.reference === reference),
      ),
    ]
    return known.map(({ amount, confirmations, isFailed }) => [
      amount,
      isFailed ? 'failed' : confirmations,
    ])
  }
  return { address, look }
}

test('what comes in parts, and too much, is told with its confirmations', async () => {
  const { address, look } = watch()
  expect(await look()).toEqual([])
  fake.pay(address, 400)
  expect(await look()).toEqual([['0.00000400', 0]])
  fake.mine()
  fake.pay(address, 900)
  expect(await look()).toEqual([
    ['0.00000400', 1],
    ['0.00000900', 0],
  ])
  fake.mine(5)
  expect(await look()).toEqual([
    ['0.00000400', 6],
    ['0.00000900', 5],
  ])
})

test('money that is spent another way fails; a raised fee pays by another transaction', async () => {
  const { address, look } = watch()
  const first = fake.pay(address, 1000)
  await look()
  const raised = fake.replace(first, address, 999)
  expect(await look()).toEqual([
    ['0.00001000', 'failed'],
    ['0.00000999', 0],
  ])
  fake.replace(raised, 'bc1qthief', 998)
  fake.mine()
  expect(await look()).toEqual([
    ['0.00001000', 'failed'],
    ['0.00000999', 'failed'],
  ])
})

test('a block that is taken back takes its confirmations along, and a payment in it may come again', async () => {
  const { address, look } = watch()
  const id = fake.pay(address, 1000)
  fake.mine(3)
  expect(await look()).toEqual([['0.00001000', 3]])
  fake.reorganise(3)
  expect(await look()).toEqual([['0.00001000', 0]])
  fake.mine()
  expect(await look()).toEqual([['0.00001000', 1]])
  fake.reorganise(1)
  fake.replace(id, 'bc1qthief', 900)
  expect(await look()).toEqual([['0.00001000', 'failed']])
})

test('a server that lags, or has forgotten, takes nothing back', async () => {
  const { address, look } = watch()
  fake.lag(true)
  const id = fake.pay(address, 1000)
  expect(await look()).toEqual([])
  fake.lag(false)
  expect(await look()).toEqual([['0.00001000', 0]])
  fake.forget()
  expect(await look()).toEqual([['0.00001000', 0]])
  fake.lag(false)
  fake.drop(id)
  expect(await look()).toEqual([['0.00001000', 0]])
})

test('a server that fails is an error in words, and never the end of a payment', async () => {
  const { address, look } = watch()
  fake.pay(address, 1000)
  await look()
  const host = new URL(api).host
  const found: string[] = []
  for (const trouble of ['error', 'silent', 'garbage'] as const) {
    fake.trouble = trouble
    found.push(await look().then(String, (error: Error) => error.message))
  }
  expect(found).toEqual([
    `The Esplora server ${host} answers with 503.`,
    `The Esplora server ${host} does not answer.`,
    `The server ${host} does not answer as an Esplora server does.`,
  ])
  fake.trouble = 'none'
  expect(await look()).toEqual([['0.00001000', 0]])
})

test('an address that is paid to very often is read to its end', async () => {
  const { address, look } = watch()
  for (let each = 0; each < 60; each++) {
    fake.pay(address, 10)
    fake.mine()
  }
  expect(await look()).toHaveLength(60)
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Context } from '@bitcartcc/sdk/server'
import type { Rates } from '../plugin.gen.ts'
import coingecko from '../rates/coingecko.ts'
import kraken from '../rates/kraken.ts'
import { FakeExchanges } from './fake-exchanges.ts'

const fake = new FakeExchanges()
let url = ''
beforeAll(async () => {
  url = await fake.listen()
})
afterAll(() => fake.close())
beforeEach(() => {
  fake.asked.length = 0
  delete fake.trouble.gecko
  delete fake.trouble.kraken
  fake.geckoPrice = '57891.12345678901234567'
})

const ask = (
  provider: typeof coingecko,
  quote = 'EUR',
  settings: Partial<Rates['settings']> = {},
  base = 'BTC',
) =>
  provider
    .rate({ base, quote }, {
      settings: { coingeckoUrl: `${url}/gecko/`, krakenUrl: `${url}/kraken`, ...settings },
      signal: new AbortController().signal,
    } as Context<Rates>) // all that a provider uses
    .catch((error: Error) => error.message)

test('CoinGecko gives the rate with every digit, and the time it is of', async () => {
  expect(await ask(coingecko)).toEqual({
    rate: '57891.12345678901234567',
    at: new Date(fake.geckoAt * 1000).toISOString(),
  })
  fake.geckoPrice = '6.789e-05'
  expect(await ask(coingecko, 'EUR', { coingeckoKey: 'CG-1' })).toMatchObject({
    rate: '0.00006789',
  })
  const query = 'ids=bitcoin&vs_currencies=eur&include_last_updated_at=true&precision=full'
  expect(fake.asked).toEqual([
    `/gecko/simple/price?${query}`,
    `/gecko/simple/price?${query} with CG-1`,
  ])
})

test('Kraken gives the price of its last trade', async () => {
  expect(await ask(kraken)).toEqual({ rate: '57900.1' })
  expect(fake.asked).toEqual(['/kraken/Ticker?pair=XBTEUR'])
})

test('what a server does not have is no rate, and one without an address is not asked', async () => {
  expect([
    await ask(coingecko, 'XAU'),
    await ask(coingecko, 'EUR', {}, 'NOSUCHCOIN'),
    await ask(coingecko, 'EUR', {}, '__proto__'),
    await ask(kraken, 'XAU'),
    await ask(coingecko, 'EUR', { coingeckoUrl: '' }),
    await ask(kraken, 'EUR', { krakenUrl: '' }),
  ]).toEqual(Array.from({ length: 6 }))
  expect(fake.asked).toHaveLength(2)
})

test('a server that fails, lies or rambles is told apart, in words for the merchant', async () => {
  const { host } = new URL(url)
  const says = async (provider: typeof coingecko, status: number, body: string) => {
    fake.trouble.gecko = fake.trouble.kraken = { status, body }
    return ask(provider)
  }
  const strange = (name: string) => `The server ${host} does not answer as ${name} does.`
  expect([
    await says(coingecko, 429, ''),
    await says(kraken, 503, 'Bad gateway'),
    await says(coingecko, 200, '<html>'),
    await says(coingecko, 200, '{"bitcoin":{"eur":-1,"last_updated_at":1}}'),
    await says(coingecko, 200, '{"bitcoin":{"eur":0,"last_updated_at":1}}'),
    await says(coingecko, 200, '{"bitcoin":{"eur":5}}'),
    await says(kraken, 200, '{"error":[],"result":{"XXBTZEUR":{"c":["one"]}}}'),
    await says(kraken, 200, '{"error":["EGeneral:Too many requests"]}'),
    await says(kraken, 200, 'x'.repeat(200_000)),
    await ask(kraken, 'EUR', { krakenUrl: 'http://127.0.0.1:1' }),
  ]).toEqual([
    `The server ${host} was asked too often.`,
    `The server ${host} answers with 503.`,
    ...Array.from({ length: 4 }, () => strange('CoinGecko')),
    strange('Kraken'),
    'Kraken says EGeneral:Too many requests.',
    `The server ${host} does not answer.`,
    'The server 127.0.0.1:1 does not answer.',
  ])
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { HttpError, type Context } from '@bitcartcc/sdk/server'
import onchain from '../payments/onchain.ts'
import type { Bitcoin } from '../plugin.gen.ts'
import { FakeEsplora } from './fake-esplora.ts'
import { firstAddresses, zpub } from './keys.ts'

const mainChain = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'
const fake = new FakeEsplora()
let server = ''
beforeAll(async () => {
  server = await fake.listen()
})
afterAll(() => fake.close())

const rates = {
  of: async (base: string, quote: string) => {
    if (quote === 'USD')
      throw new HttpError(409, 'There is no rate of BTC in USD. Kraken: it is down.')
    return { rate: '57891.12', provider: `${base} of Kraken`, at: '2026-01-01T00:00:00.000Z' }
  },
}
const context = { signal: new AbortController().signal, core: { rates } } as Context<Bitcoin> // all that a preview uses
const preview = (change: object, currency = 'USD') =>
  onchain
    .preview(
      { key: zpub, server, confirmations: 1, price: '65000 USD', ...change },
      { currency },
      context,
    )
    .then(
      (rows) => rows.map(({ title, text }) => `${title}: ${text}`),
      (error: { message: string; errors?: readonly { field: string }[] }) => [
        error.errors?.[0]?.field,
        error.message,
      ],
    )

test('a merchant sees the first addresses, the chain, and the price before an account is kept', async () => {
  fake.firstBlock = mainChain
  expect(await preview({})).toEqual([
    ...firstAddresses.map((address, at) => `Address ${at + 1}: ${address}`),
    expect.stringMatching(/^Address 3: bc1q/),
    'Chain: Bitcoin, 101 blocks',
    'One bitcoin: 65000 USD, Fixed price',
  ])
  expect((await preview({ price: ' ' }, 'EUR')).at(-1)).toBe(
    'One bitcoin: 57891.12 EUR, BTC of Kraken',
  )
  expect((await preview({ price: undefined }, 'BTC')).at(-1)).toBe('Chain: Bitcoin, 101 blocks')
})

test('what would send money astray is refused at its field', async () => {
  fake.firstBlock = mainChain
  const found = [
    await preview({ price: undefined }),
    await preview({ price: '65000 EUR' }),
    await preview({ price: 'cheap' }),
    await preview({ key: 'xpub' }),
  ]
  fake.firstBlock = '0f'.repeat(32)
  found.push(await preview({}))
  fake.trouble = 'error'
  found.push(await preview({}))
  fake.trouble = 'none'
  expect(found).toEqual([
    ['price', 'There is no rate of BTC in USD. Kraken: it is down.'],
    ['price', 'The fixed price of one bitcoin is in EUR, and the store counts in USD'],
    ['price', 'The fixed price of one bitcoin must be an amount and a currency, such as 65000 USD'],
    ['key', 'The key is not an extended key: copy it whole, from xpub, zpub or vpub on'],
    ['server', 'The server follows a test chain, and the key is for the main chain'],
    ['server', `The Esplora server ${new URL(server).host} answers with 503.`],
  ])
})

import { expect, test } from 'vitest'
import type { Context, PluginTypes, ProvidedRate } from '@bitcartcc/sdk/server'
import { createRates } from './rates.ts'
import { silent } from './test-support.ts'

type Says = ProvidedRate | Error | undefined
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()

/** Two providers that say what the test has them say, and what was asked of them. */
function world(first: Says, second: Says) {
  const says = { first, second }
  const asked: string[] = []
  const values = { rateSeconds: 0, rateLimitSeconds: 900 }
  const provider = (name: keyof typeof says) => ({
    plugin: 'money',
    name,
    title: name === 'first' ? 'First' : 'Second',
    provider: {
      async rate({ base, quote }: { readonly base: string; readonly quote: string }) {
        asked.push(`${name} ${base}/${quote}`)
        const answer = says[name]
        if (answer instanceof Error) throw answer
        return answer
      },
    },
  })
  const rates = createRates(
    { log: silent },
    { providers: [provider('first'), provider('second')] },
    {
      settings: { of: async () => values },
      contextFor: async () => ({ signal: new AbortController().signal }) as Context<PluginTypes>, // all that is used of it
    },
  )
  const of = () =>
    rates.of('BTC', 'EUR').then(
      ({ rate, provider: title }) => `${rate} by ${title}`,
      (error: Error) => error.message,
    )
  return { rates, says, asked, values, of }
}

test('the first provider that answers is believed, and the next one where it does not', async () => {
  const { of, says, asked } = world({ rate: '57891.12' }, { rate: '57000' })
  expect(await of()).toBe('57891.12 by First')
  expect(asked).toEqual(['first BTC/EUR'])
  says.first = new Error('The server is down.')
  expect(await of()).toBe('57000 by Second')
})

test('with no rate there is an answer for the merchant, and never one to one', async () => {
  const tooOld = secondsAgo(3600)
  const { of, says, rates } = world(new Error('The server is down.'), {
    rate: '57000',
    at: tooOld,
  })
  expect(await of()).toBe(
    `There is no rate of BTC in EUR. First: The server is down. Second: its rate is too old, of ${tooOld}.`,
  )
  expect(await rates.answers('BTC', 'EUR')).toEqual([
    {
      provider: 'money.first',
      title: 'First',
      rate: null,
      at: null,
      failure: 'The server is down.',
    },
    {
      provider: 'money.second',
      title: 'Second',
      rate: '57000',
      at: tooOld,
      failure: `its rate is too old, of ${tooOld}`,
    },
  ])
  says.second = undefined
  expect(await of()).toBe(
    'There is no rate of BTC in EUR. First: The server is down. Second: it has no such rate.',
  )
  const empty = createRates(
    { log: silent },
    { providers: [] },
    {
      settings: { of: async () => ({}) },
      contextFor: () => Promise.reject(new Error('nobody is asked')),
    },
  )
  await expect(empty.of('BTC', 'EUR')).rejects.toThrow(
    'There is no rate of BTC in EUR: no plugin of this shop gives rates.',
  )
})

test.each(['0', '0.000', '-1', '1e3', 'NaN', 'Infinity', '', '1,5', '1.0000000000000000001'])(
  'the rate %j is none',
  async (rate) => {
    const { of } = world({ rate }, undefined)
    expect(await of()).toBe(
      `There is no rate of BTC in EUR. First: what it gives is no rate: ${rate}. Second: it has no such rate.`,
    )
  },
)

test('a rate is kept as long as the setting says, and whoever asks at once asks once', async () => {
  const { of, asked, values } = world({ rate: '1.5' }, undefined)
  values.rateSeconds = 3600
  expect(await Promise.all(Array.from({ length: 50 }, of))).toEqual(
    Array.from({ length: 50 }, () => '1.5 by First'),
  )
  expect(asked).toEqual(['first BTC/EUR'])
})

test('when all fail the newest rate that was kept is used, until it is too old', async () => {
  const { of, says, values, asked } = world(
    { rate: '3', at: secondsAgo(500) },
    { rate: '2', at: secondsAgo(200) },
  )
  await of()
  says.first = new Error('down')
  await of()
  says.second = new Error('down too')
  expect(await of()).toBe('2 by Second')
  values.rateLimitSeconds = 100
  expect(await of()).toBe('There is no rate of BTC in EUR. First: down. Second: down too.')
  // A server that is down is left alone for a while.
  expect(asked.filter((each) => each.startsWith('second'))).toHaveLength(2)
})

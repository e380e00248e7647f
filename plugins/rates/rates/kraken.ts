import { rateProvider } from '../plugin.gen.ts'
import { ask, strange } from './ask.ts'
import { at, priceOf, readExactJson } from './exact-json.ts'

/** What Kraken calls by another code. */
const codes: Readonly<Record<string, string>> = { BTC: 'XBT', DOGE: 'XDG' }
const codeOf = (currency: string) =>
  Object.hasOwn(codes, currency) ? (codes[currency] ?? currency) : currency

/** `GET /Ticker` of Kraken's API: the price of the last trade, which is of now. */
export default rateProvider({
  async rate({ base, quote }, { settings, signal }) {
    if (settings.krakenUrl === '') return undefined
    const query = new URLSearchParams({ pair: codeOf(base) + codeOf(quote) })
    const { text, host } = await ask(
      `${settings.krakenUrl.replace(/\/+$/, '')}/Ticker?${query.toString()}`,
      signal,
    )
    const answer = readExactJson(text)
    const errors = at(answer, 'error')
    if (!Array.isArray(errors) || !errors.every((each) => typeof each === 'string'))
      throw strange(host, 'Kraken')
    const [error] = errors as readonly string[] // their format
    if (error === 'EQuery:Unknown asset pair') return undefined
    if (error !== undefined) throw new Error(`Kraken says ${error.slice(0, 80)}.`)
    // The one pair that was asked for, under whatever name it has there.
    const [pair] = Object.values(at(answer, 'result') ?? {}) as readonly unknown[]
    const rate = priceOf(at(pair, 'c', '0'))
    if (rate === undefined) throw strange(host, 'Kraken')
    return { rate }
  },
})

import { rateProvider } from '../plugin.gen.ts'
import { ask, strange } from './ask.ts'
import { at, priceOf, readExactJson } from './exact-json.ts'

/** What CoinGecko calls the coins it is asked for; a code alone names many. */
const coins: Readonly<Record<string, string>> = {
  BCH: 'bitcoin-cash',
  BTC: 'bitcoin',
  DOGE: 'dogecoin',
  ETH: 'ethereum',
  LTC: 'litecoin',
  TRX: 'tron',
  XMR: 'monero',
}

/** `GET /simple/price` of CoinGecko's API. */
export default rateProvider({
  async rate({ base, quote }, { settings, signal }) {
    const coin = Object.hasOwn(coins, base) ? coins[base] : undefined
    if (settings.coingeckoUrl === '' || coin === undefined) return undefined
    const currency = quote.toLowerCase()
    const query = new URLSearchParams({
      ids: coin,
      vs_currencies: currency,
      include_last_updated_at: 'true',
      precision: 'full',
    })
    const { text, host } = await ask(
      `${settings.coingeckoUrl.replace(/\/+$/, '')}/simple/price?${query.toString()}`,
      signal,
      settings.coingeckoKey ? { 'x-cg-demo-api-key': settings.coingeckoKey } : {},
    )
    const found = at(readExactJson(text), coin)
    if (found === undefined) throw strange(host, 'CoinGecko')
    const price = at(found, currency)
    // It knows the coin, and not the currency.
    if (price === undefined) return undefined
    const rate = priceOf(price)
    const seconds = Number(at(found, 'last_updated_at', 'digits'))
    if (rate === undefined || !Number.isSafeInteger(seconds) || seconds > 1e11)
      throw strange(host, 'CoinGecko')
    return { rate, at: new Date(seconds * 1000).toISOString() }
  },
})

import { HttpError, Type, type CoreServices, type UsedRate } from '@bitcartcc/sdk/server'
import { paymentMethod } from '../plugin.gen.ts'
import { priceOf, satoshiFor, textOf, unitsOf } from './amounts.ts'
import { bip21, labelOf } from './bip21.ts'
import { esploraAt } from './esplora.ts'
import { readExtendedKey, type ExtendedKey } from './extended-key.ts'
import { nextAddress } from './next-address.ts'
import { paymentsAt } from './payments-at.ts'

/** Less is not passed on by the network to an address of this kind. */
const dust = 294n
const mainChain = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'

/** Paid on the Bitcoin chain, to addresses of the merchant's own wallet, seen through a server the merchant chooses. */
export default paymentMethod({
  account: Type.Object(
    {
      key: Type.String({
        title: 'Extended public key',
        description:
          'The xpub, zpub or vpub of an account of your wallet. It can watch, and cannot spend.',
        minLength: 1,
        maxLength: 200,
      }),
      server: Type.String({
        title: 'Esplora server',
        description:
          'The address of its API, such as https://esplora.example.com/api. It sees which addresses are asked for: run your own, or choose one you trust.',
        pattern: '^https?://[^\\s@]+$',
        maxLength: 100,
      }),
      confirmations: Type.Integer({
        title: 'Confirmations until an invoice is complete',
        description: '0 takes a payment as soon as it is seen; it can still be taken back then.',
        default: 1,
        minimum: 0,
        maximum: 100,
      }),
      price: Type.Optional(
        Type.String({
          title: 'Fixed price of one bitcoin',
          description:
            'With its currency, such as 65000 USD. Left empty, the rate of the moment is asked for at each invoice.',
          maxLength: 40,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  async preview({ key: text, server, price }, { currency }, { signal, core }) {
    const key = keyOf(text)
    const rate = await rateIn(currency, price, core).catch((error: unknown) =>
      // Without a rate there would be no invoice: the merchant learns it here, and may fix the price.
      error instanceof HttpError && error.status === 409
        ? wrong('price', error.message)
        : Promise.reject(error),
    )
    const esplora = esploraAt(server, signal)
    const [first, height] = await Promise.all([esplora.firstBlock(), esplora.tipHeight()]).catch(
      (error: Error) => wrong('server', error.message),
    )
    const isMain = first === mainChain
    if (isMain !== (key.network === 'bitcoin'))
      wrong(
        'server',
        isMain
          ? 'follows the main chain, and the key is for a test chain'
          : 'follows a test chain, and the key is for the main chain',
      )
    return [
      ...[0, 1, 2].map((index) => ({
        title: `Address ${index + 1}`,
        text: key.addressAt(index),
      })),
      { title: 'Chain', text: `${isMain ? 'Bitcoin' : 'A test chain'}, ${height + 1} blocks` },
      ...(rate
        ? [{ title: 'One bitcoin', text: `${rate.rate} ${currency}, ${rate.provider}` }]
        : []),
    ]
  },
  async demand({ amount, currency, invoiceNumber }, account, context) {
    const key = keyOf(account.key)
    const rate = await rateIn(currency, account.price, context.core)
    const satoshi = satoshiOf(amount, rate)
    if (satoshi < dust)
      throw new HttpError(
        409,
        `${amount} ${currency} is ${satoshi} satoshi, and less than ${dust} cannot be sent.`,
      )
    const esplora = esploraAt(account.server, context.signal)
    const address = await nextAddress(key, esplora, context)
    const uri = bip21(address, textOf(satoshi), labelOf(invoiceNumber))
    return {
      amount: textOf(satoshi),
      currency: 'BTC',
      address,
      uri,
      qr: uri,
      confirmations: account.confirmations,
      ...(rate ? { rate } : {}),
      metadata: { network: key.network },
    }
  },
  look: (demand, { server }, { signal }) => paymentsAt(esploraAt(server, signal), demand),
})

function keyOf(text: string): ExtendedKey {
  const read = readExtendedKey(text)
  return read.ok ? read.key : wrong('key', read.says)
}

/**
 * What one bitcoin costs in the currency of the store: the merchant's own price, else the rate of this moment. Undefined where
 * the store counts in bitcoin.
 */
async function rateIn(
  currency: string,
  text: string | undefined,
  { rates }: Pick<CoreServices, 'rates'>,
): Promise<UsedRate | undefined> {
  if (currency === 'BTC') return undefined
  if (text === undefined || text.trim() === '') return rates.of('BTC', currency)
  const price = priceOf(text)
  if (!price) return wrong('price', `must be an amount and a currency, such as 65000 ${currency}`)
  if (price.currency !== currency)
    return wrong('price', `is in ${price.currency}, and the store counts in ${currency}`)
  return { rate: price.rate, provider: 'Fixed price', at: new Date().toISOString() }
}

/** What an amount costs in satoshi; one to one only where no rate is needed. */
function satoshiOf(amount: string, rate: UsedRate | undefined): bigint {
  const units = unitsOf(amount)
  if (units === undefined) throw new Error(`the amount ${amount} has more than eight digits`)
  return rate ? satoshiFor(units, rate.rate) : units
}

const titles = {
  key: 'The key',
  server: 'The server',
  price: 'The fixed price of one bitcoin',
} as const

function wrong(field: keyof typeof titles, says: string): never {
  // A whole sentence stands for itself.
  const sentence = /^The(re)? /.test(says) ? says : `${titles[field]} ${says}`
  throw new HttpError(422, sentence, [{ field, says }])
}

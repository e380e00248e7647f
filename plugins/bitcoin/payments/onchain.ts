import { HttpError, Type } from '@bitcartcc/sdk/server'
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
          title: 'Price of one bitcoin',
          description:
            'A fixed price with its currency, such as 65000 USD. A store that counts in BTC needs none.',
          maxLength: 40,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  async preview({ key: text, server, price }, { currency }, { signal }) {
    const key = keyOf(text)
    satoshiOf('1', currency, price)
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
      ...(currency === 'BTC' ? [] : [{ title: 'One bitcoin', text: price?.trim() ?? '' }]),
    ]
  },
  async demand({ amount, currency, invoiceNumber }, account, context) {
    const key = keyOf(account.key)
    const satoshi = satoshiOf(amount, currency, account.price)
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
      metadata: { network: key.network },
    }
  },
  look: (demand, { server }, { signal }) => paymentsAt(esploraAt(server, signal), demand),
})

function keyOf(text: string): ExtendedKey {
  const read = readExtendedKey(text)
  return read.ok ? read.key : wrong('key', read.says)
}

/** What an amount costs in satoshi. Without a price that is in its currency there is no answer: never one to one. */
function satoshiOf(amount: string, currency: string, text: string | undefined): bigint {
  const units = unitsOf(amount)
  if (units === undefined) throw new Error(`the amount ${amount} has more than eight digits`)
  if (currency === 'BTC') return units
  if (text === undefined || text.trim() === '')
    return wrong('price', `must be given: the store counts in ${currency}`)
  const price = priceOf(text)
  if (!price) return wrong('price', `must be an amount and a currency, such as 65000 ${currency}`)
  if (price.currency !== currency)
    return wrong('price', `is in ${price.currency}, and the store counts in ${currency}`)
  return satoshiFor(units, price.units)
}

const titles = { key: 'The key', server: 'The server', price: 'The price of one bitcoin' } as const

function wrong(field: keyof typeof titles, says: string): never {
  // A whole sentence stands for itself.
  const sentence = says.startsWith('The ') ? says : `${titles[field]} ${says}`
  throw new HttpError(422, sentence, [{ field, says }])
}

import Big from 'big.js'
import { unfit } from './refusals.ts'

const known = new Set(Intl.supportedValuesOf('currency'))
// Asking Intl takes longer than all else about a product: once for each currency.
const digitsOfKnown = new Map<string, number>()

/** How many digits a currency has after the point: 2 for USD, 0 for JPY, 8 for what no central bank issues. */
export function digitsOf(currency: string): number {
  if (!known.has(currency)) return 8
  const digits = digitsOfKnown.get(currency) ?? askedDigits(currency)
  digitsOfKnown.set(currency, digits)
  return digits
}

const askedDigits = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2

/** An exact amount as the API shows it, with all digits of its currency. */
export function shown(amount: string | Big, currency: string): string {
  const digits = digitsOf(currency)
  return (
    (typeof amount === 'string' ? cut(amount, digits) : undefined) ??
    new Big(amount).toFixed(digits, Big.roundHalfUp)
  )
}

/** A price as the database gives it, 12.50000000, with so many digits; undefined where it is another number, or not exact any more. */
function cut(amount: string, digits: number): string | undefined {
  const point = amount.indexOf('.')
  const end = point + 1 + digits
  if (digits === 0 || point < 1 || amount.length < end) return undefined
  // Without a pattern: this is asked for each price of a list.
  for (let at = 0; at < amount.length; at++) {
    if (at === point) continue
    const digit = amount.charCodeAt(at) - 48
    if (digit < 0 || digit > 9 || (at >= end && digit !== 0)) return undefined
  }
  return amount.charCodeAt(0) === 48 && point > 1 ? undefined : amount.slice(0, end)
}

/** An amount as the API shows it, never more than it is. */
export const shownDown = (amount: string | Big, currency: string) =>
  new Big(amount).toFixed(digitsOf(currency), Big.roundDown)

/** An exact amount with all digits it has, and at least those of its currency. */
export function exactly(amount: string | Big, currency: string): string {
  const exact = new Big(amount)
  return exact.toFixed(Math.max(digitsOf(currency), exact.c.length - 1 - exact.e))
}

/** A price that its currency can express. */
export function priceOf(value: string, currency: string): string {
  if (!/^(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?$/.test(value))
    throw unfit('price', 'must be an amount such as 21.50')
  const digits = digitsOf(currency)
  if (new Big(value).round(digits, Big.roundDown).eq(value)) return value
  throw unfit(
    'price',
    digits === 0
      ? `must be whole: ${currency} has no smaller unit`
      : `must have at most ${digits} digits after the point: ${currency} has no smaller unit`,
  )
}

/** Price times quantity, exact. */
export const times = (price: string, quantity: number) => new Big(price).times(quantity)

/** Sum, exact; refused where no invoice could carry it. */
export function sum(amounts: readonly (string | Big)[]): Big {
  const total = amounts.reduce<Big>((left, right) => left.plus(right), new Big(0))
  if (total.gte('1e15')) throw unfit('items', 'come to more than an invoice can carry')
  return total
}

/** A currency's code, as written. */
export function currencyOf(value: string): string {
  if (!/^[A-Z]{3,5}$/.test(value))
    throw unfit('currency', 'must be a code of three to five capital letters, such as USD')
  return value
}

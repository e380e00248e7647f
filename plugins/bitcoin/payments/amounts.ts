/** Exact decimal texts with at most eight digits after the point, as whole numbers of their hundred-millionths. */
const unit = 100_000_000n
/** Digits of a rate after its point. */
const rateDigits = 18
const rateUnit = 10n ** 18n

/** `0.5` → 50,000,000; undefined where the text is no such amount. */
export function unitsOf(amount: string): bigint | undefined {
  const [, whole = '', fraction = ''] = /^([0-9]{1,16})(?:\.([0-9]{1,8}))?$/.exec(amount) ?? []
  return whole === '' ? undefined : BigInt(whole) * unit + BigInt(fraction.padEnd(8, '0'))
}

/** 50,000,000 → `0.50000000`. */
export function textOf(units: bigint): string {
  const digits = units.toString().padStart(9, '0')
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`
}

/**
 * The satoshi that buy an amount, in units of 10⁻⁸, at what one bitcoin costs: an exact decimal text above zero, `57891.12`.
 *
 * A started satoshi counts whole. Throws for a rate that is none: core has looked at it.
 */
export function satoshiFor(amount: bigint, rate: string): bigint {
  const [, whole = '', fraction = ''] = /^([0-9]+)(?:\.([0-9]{1,18}))?$/.exec(rate) ?? []
  const units = BigInt(whole + fraction.padEnd(rateDigits, '0'))
  if (whole === '' || units === 0n) throw new Error(`${rate} is no rate`)
  return (amount * rateUnit + units - 1n) / units
}

export interface Price {
  /** What one bitcoin costs, `65000.50`. */
  readonly rate: string
  readonly currency: string
}

/** `65000.50 USD` as a price; undefined where it is none. */
export function priceOf(text: string): Price | undefined {
  const [, rate = '', currency = ''] = /^([0-9.]+) ([A-Z]{3,5})$/.exec(text.trim()) ?? []
  return unitsOf(rate) ? { rate, currency } : undefined
}

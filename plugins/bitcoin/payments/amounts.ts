/** Exact decimal texts with at most eight digits after the point, as whole numbers of their hundred-millionths. */
const unit = 100_000_000n

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

/** The satoshi that buy an amount at a price of one bitcoin, both in units of 10⁻⁸; a started satoshi counts whole. */
export const satoshiFor = (amount: bigint, price: bigint): bigint =>
  (amount * unit + price - 1n) / price

export interface Price {
  /** What one bitcoin costs, in units of 10⁻⁸. */
  readonly units: bigint
  readonly currency: string
}

/** `65000.50 USD` as a price; undefined where it is none. */
export function priceOf(text: string): Price | undefined {
  const [, amount = '', currency = ''] = /^([0-9.]+) ([A-Z]{3,5})$/.exec(text.trim()) ?? []
  const units = unitsOf(amount)
  return units === undefined || units === 0n ? undefined : { units, currency }
}

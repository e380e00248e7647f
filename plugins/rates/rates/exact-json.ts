import Big from 'big.js'

/** A number of JSON with every digit it was written with: no float stands between. */
export interface ExactNumber {
  readonly digits: string
}

/** Reads JSON; each number is given with the digits it has, undefined where the text is no JSON. */
export function readExactJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
      typeof value === 'number' ? ({ digits: context?.source ?? '' } satisfies ExactNumber) : value,
    )
  } catch {
    return undefined
  }
}

/** What stands at a path of names; undefined where nothing does. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (found, name) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, name)
        ? (found as Readonly<Record<string, unknown>>)[name] // asked for a field it has
        : undefined,
    value,
  )

/** A price as an exact decimal text, `0.00001234`; of a number with its digits, or of a text; undefined where it is none above zero. */
export function priceOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : at(value, 'digits')
  if (typeof text !== 'string' || !/^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$/.test(text))
    return undefined
  const price = new Big(text).round(18)
  return price.gt(0) && price.lt('1e18') ? price.toFixed() : undefined
}

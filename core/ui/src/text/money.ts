import { locale as reader } from '@bitcartcc/sdk/vue'

/**
 * Words an exact decimal amount the way its reader writes money.
 *
 * `amount` is a decimal text in major units; no digit of it passes through a float. Shows at least the digits the currency
 * usually has and at most those the amount has. A currency Intl does not know (4 or 5 letters) stands behind the number.
 */
export function formatMoney(
  amount: string,
  currency: string,
  locale: string = reader.value,
): string {
  const given = amount.split('.')[1]?.replace(/0+$/, '').length ?? 0
  const exact = amount as Intl.StringNumericLiteral // Intl reads decimal texts exactly
  if (!/^[A-Z]{3}$/.test(currency)) {
    return `${new Intl.NumberFormat(locale, { minimumFractionDigits: Math.min(2, given), maximumFractionDigits: Math.max(2, given) }).format(exact)} ${currency}`
  }
  const usual = new Intl.NumberFormat(locale, { style: 'currency', currency })
  const digits = usual.resolvedOptions().maximumFractionDigits ?? 2
  if (given <= digits) return usual.format(exact)
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    maximumFractionDigits: given,
  }).format(exact)
}

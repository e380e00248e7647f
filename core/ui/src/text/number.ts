import { locale as reader } from '@bitcartcc/sdk/vue'

/** Words a number the way its reader writes numbers, with so many decimals. */
export const formatNumber = (value: number, decimals = 0, locale: string = reader.value): string =>
  new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value)

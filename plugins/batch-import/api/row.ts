import type { ProductInput } from '@bitcartcc/sdk/resources'
import type { Column, Header } from './header.ts'

/** Where the products go, and how exact its prices are. */
export interface Pricing {
  readonly id: string
  readonly currency: string
}
export type Checked =
  | { readonly ok: true; readonly product: ProductInput }
  | { readonly ok: false; readonly reason: string }

/** Makes a product of one row, or says everything that is wrong with it in one sentence. */
export function productOf(cells: readonly string[], header: Header, store: Pricing): Checked {
  if (cells.length !== header.names.length)
    return {
      ok: false,
      reason: `has ${counted(cells.length, 'cell')}, the first row has ${header.names.length}`,
    }
  const cell = (column: Column) => {
    const place = header.places.get(column)
    return place === undefined ? '' : (cells[place] ?? '').trim()
  }
  const reasons: string[] = []
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (cells.some((text) => /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(text)))
    reasons.push('holds a control character')
  if (cells.some((text) => text.includes('\uFFFD')))
    reasons.push('holds a character that could not be read: save the file as UTF-8')

  const name = cell('name')
  if (name === '') reasons.push('name is empty')
  if (name.length > 200) reasons.push(`name has ${name.length} characters, at most 200 fit`)

  const price = cell('price')
  const priceReason = priceProblem(price, store.currency)
  if (priceReason) reasons.push(priceReason)

  const stock = cell('stock')
  if (stock !== '' && !(/^[0-9]{1,10}$/.test(stock) && Number(stock) <= 1_000_000_000))
    reasons.push(
      `stock ${quoted(stock)} is not a whole number from 0 to 1000000000; leave it empty where stock is not counted`,
    )

  const category = cell('category')
  if (category.length > 80)
    reasons.push(`category has ${category.length} characters, at most 80 fit`)

  const description = cell('description')
  if (description.length > 10_000)
    reasons.push(`description has ${description.length} characters, at most 10000 fit`)

  const status = cell('status').toLowerCase() || 'active'
  if (status !== 'active' && status !== 'hidden')
    reasons.push(`status ${quoted(cell('status'))} is neither active nor hidden`)

  if (reasons.length > 0) return { ok: false, reason: reasons.join('; ') }
  return {
    ok: true,
    product: {
      storeId: store.id,
      name,
      price,
      stock: stock === '' ? null : Number(stock),
      category,
      description,
      status: status === 'hidden' ? 'hidden' : 'active',
    },
  }
}

function priceProblem(price: string, currency: string): string | undefined {
  if (price === '') return 'price is empty'
  if (!/^(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?$/.test(price)) {
    const pointed = /^[0-9]{1,15},[0-9]{1,2}$/.test(price) ? price.replace(',', '.') : '21.50'
    return `price ${quoted(price)} is not a plain number such as ${pointed}`
  }
  const digits = digitsOf(currency)
  const extra = (price.split('.')[1] ?? '').slice(digits).replaceAll('0', '')
  if (extra === '') return undefined
  return digits === 0
    ? `price ${quoted(price)} is not whole, and ${currency} has no smaller unit`
    : `price ${quoted(price)} has more than ${digits} digits after the point, and ${currency} has no smaller unit`
}

const known = new Set(Intl.supportedValuesOf('currency'))
/** As core counts them: 2 for USD, 0 for JPY, 8 for what no central bank issues. */
function digitsOf(currency: string): number {
  if (!known.has(currency)) return 8
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2
  )
}

const quoted = (text: string) => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

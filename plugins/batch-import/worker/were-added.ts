import type { Db } from '@bitcartcc/sdk/server'
import type { ProductInput } from '@bitcartcc/sdk/resources'
import type { BatchImport } from '../plugin.gen.ts'

/**
 * Says whether one transaction since then has added exactly these products.
 *
 * Products are dated by the start of their transaction, and all of an import share one: as many products with one date and
 * the same names and prices are this import.
 */
export async function wereAdded(
  db: Db<BatchImport>,
  since: Date | null,
  products: readonly ProductInput[],
): Promise<boolean> {
  const storeId = products[0]?.storeId
  if (since === null || storeId === undefined) return false
  // As text: a Date of JavaScript drops the microseconds.
  const dates = await db
    .selectFrom('core_v1.products')
    .select(({ cast }) => cast<string>('created_at', 'text').as('date'))
    .where('store_id', '=', storeId)
    .where('created_at', '>=', since)
    .groupBy('created_at')
    .having(({ fn }) => fn.countAll(), '=', products.length)
    .execute()
  for (const { date } of dates) {
    const rows = await db
      .selectFrom('core_v1.products')
      .select(['name', 'price'])
      .where('store_id', '=', storeId)
      .where(({ cast }) => cast<string>('created_at', 'text'), '=', date)
      .execute()
    if (sameGoods(rows, products)) return true
  }
  return false
}

function sameGoods(left: readonly Good[], right: readonly Good[]): boolean {
  const [these, those] = [left.map(wordOf).toSorted(), right.map(wordOf).toSorted()]
  return these.length === those.length && these.every((word, index) => word === those[index])
}

interface Good {
  readonly name: string
  readonly price: string
}
/** Prices may have more or fewer zeros at their end. */
const wordOf = ({ name, price }: Good) =>
  `${price.includes('.') ? price.replace(/\.?0+$/, '') : price} ${name}`

import { sql, type Selectable } from 'kysely'
import type { Page, Product } from '@bitcartcc/sdk/resources'
import { compiledOnce } from './compiled-once.ts'
import type { Domain } from './domain.ts'
import { imageUrlOf } from './files.ts'
import { isNoted, withMetadata } from './metadata.ts'
import { shown } from './money.ts'
import { containing } from './page.ts'
import { sorted, sortingOf, type SortValue } from './sorting.ts'
import type { CoreTables } from './tables.ts'
import type { CoreDb } from './world.ts'

type Filter = Parameters<Domain['products']['list']>[0]
type List = ReturnType<typeof sorted>

const newest = '-createdAt'

const seq: SortValue = { sql: sql`products.seq`, type: 'bigint' }
/** By what products are listed; stock that is not counted is more than can be counted. */
const ways = {
  name: { sql: sql`lower(products.name)`, type: 'text' },
  price: { sql: sql`products.price`, type: 'numeric' },
  stock: { sql: sql`coalesce(products.stock, 1000000001)`, type: 'bigint' },
  createdAt: seq,
} as const

/** A page of products; those of a desk have their metadata. */
export async function listProducts(db: CoreDb, filter: Filter): Promise<Page<Product>> {
  const list = sorted(sortingOf(filter.sort ?? newest, ways, seq), filter.cursor)
  const rows = await (isFirstOfVisitor(filter)
    ? firstOfVisitor(db, { ...shelfOf(filter), count: filter.limit + 1 })
    : listed(db, filter, list).execute())
  const page = list.pageOf(rows, filter.limit, productOf)
  return filter.desk === undefined
    ? page
    : { ...page, items: await withMetadata(db, 'product', page.items) }
}

/** Where a product stands in a shop. */
interface Shelf {
  readonly storeId: string | undefined
  readonly category: string | undefined
}
const shelfOf = ({ storeId, category }: Filter): Shelf => ({
  storeId,
  category: category?.replaceAll('\0', ''),
})

function shelved(db: CoreDb, { storeId, category }: Shelf, list: Pick<List, 'columns' | 'order'>) {
  let query = productsOf(db).select(list.columns).orderBy(list.order)
  if (storeId !== undefined) query = query.where('products.store_id', '=', storeId)
  if (category !== undefined) query = query.where('products.category', '=', category)
  return query
}

function listed(db: CoreDb, filter: Filter, list: List) {
  let query = shelved(db, shelfOf(filter), list)
  if (filter.desk === undefined) query = query.where('products.status', '=', 'active')
  else if (filter.desk !== 'all') query = query.where('products.store_id', 'in', [...filter.desk])
  const search = filter.search?.trim()
  if (search) {
    const pattern = containing(search)
    query = query.where((where) =>
      where.or([
        where('products.name', 'ilike', pattern),
        where('products.description', 'ilike', pattern),
        where('products.category', 'ilike', pattern),
      ]),
    )
  }
  query = query.where((where) => isNoted('product', where.ref('products.id'), filter.metadata))
  if (filter.ids !== undefined) query = query.where('products.id', 'in', [...filter.ids])
  return query.where(list.after).limit(filter.limit + 1)
}

/** What is asked most of all: what a visitor sees who opens a shop, or one of its categories. */
const isFirstOfVisitor = ({ desk, ids, cursor, search, metadata = [], sort = newest }: Filter) =>
  desk === undefined &&
  ids === undefined &&
  cursor === undefined &&
  !search?.trim() &&
  metadata.length === 0 &&
  sort === newest

const firstOfVisitor = compiledOnce((db, { count, ...shelf }: Shelf & { readonly count: number }) =>
  shelved(db, shelf, sorted(sortingOf(newest, ways, seq), undefined))
    .where('products.status', '=', 'active')
    .limit(count),
)

export const productsOf = (db: CoreDb) =>
  db
    .selectFrom('products')
    .innerJoin('stores', 'stores.id', 'products.store_id')
    .select([...shownColumns, 'stores.currency'])

// By their names: what is prepared keeps its columns when a later release adds one.
const shownColumns = [
  'products.id',
  'products.store_id',
  'products.name',
  'products.description',
  'products.price',
  'products.category',
  'products.stock',
  'products.status',
  'products.image_id',
  'products.created_at',
  'products.updated_at',
] as const

export type ProductRow = Omit<Selectable<CoreTables['products']>, 'seq'> & {
  readonly currency: string
}

export const productOf = (row: ProductRow): Product => ({
  id: row.id,
  storeId: row.store_id,
  name: row.name,
  description: row.description,
  price: shown(row.price, row.currency),
  currency: row.currency,
  category: row.category,
  stock: row.stock,
  status: row.status,
  imageUrl: imageUrlOf(row.image_id),
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

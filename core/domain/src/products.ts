import { Type } from 'typebox'
import { Errors } from 'typebox/value'
import { ProductInput, type MetadataInput, type Product } from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import type { Files } from './files.ts'
import type { Hooks } from './hooks.ts'
import { priceOf } from './money.ts'
import { note, noteAll, noting } from './metadata.ts'
import { listProducts, productOf, productsOf, type ProductRow } from './product-list.ts'
import { notFound, textOf, unfit, unlessHeld } from './refusals.ts'
import { storeOrFirst } from './stores.ts'
import { newId, type CoreDb, type CoreTx, type World } from './world.ts'

/** What a store sells. */
export function createProducts(world: World, files: Files, hooks: Hooks): Domain['products'] {
  const { db } = world
  const change = async (
    id: string,
    run: (tx: CoreTx, row: ProductRow) => Promise<void>,
    metadata?: MetadataInput,
  ): Promise<Product> =>
    world.transaction(async (tx) => {
      const before = await rowOf(tx.db, id, true)
      await run(tx, before)
      await tx.emit('product.changed', { productId: id, storeId: before.store_id })
      return noting(tx.db, 'product', productOf(await rowOf(tx.db, id)), metadata)
    })
  return {
    list: (filter) => listProducts(db, filter),
    async categories(storeId) {
      let query = db
        .selectFrom('products')
        .select('category')
        .distinct()
        .where('status', '=', 'active')
        .where('category', '!=', '')
      if (storeId !== undefined) query = query.where('store_id', '=', storeId)
      return (await query.orderBy('category').execute()).map((row) => row.category)
    },
    async get(id, desk = []) {
      const row = await rowOf(db, id)
      const isOfDesk = desk === 'all' || desk.includes(row.store_id)
      if (row.status === 'hidden' && !isOfDesk) throw notFound('product')
      return isOfDesk ? noting(db, 'product', productOf(row), undefined) : productOf(row)
    },
    async create(given) {
      const input = await saving(hooks, given, null)
      return world.transaction(async (tx) => {
        const [id = ''] = await insertAll(tx, [input])
        return noting(tx.db, 'product', productOf(await rowOf(tx.db, id)), undefined)
      })
    },
    async createMany(given, noted) {
      const inputs: ProductInput[] = []
      for (const each of given) inputs.push(await saving(hooks, each, null))
      return world.transaction(async (tx) => {
        const ids = await insertAll(tx, inputs)
        if (noted) await noteAll(tx.db, 'product', ids, noted.namespace, noted.value)
        return ids
      })
    },
    async update(id, given) {
      const input = await saving(hooks, given, id)
      const [wrong] = Errors(ProductChange, input)
      if (wrong) throw misfit(wrong)
      const write = async (tx: CoreTx, before: ProductRow) => {
        if (input.storeId !== undefined && input.storeId !== before.store_id)
          throw unfit('storeId', 'cannot change: a product stays in its store')
        await tx.db
          .updateTable('products')
          .set({ ...valuesOf(input, before.currency), updated_at: new Date() })
          .where('id', '=', id)
          .execute()
      }
      return change(id, write, input.metadata)
    },
    async remove(id) {
      const imageId = await world.transaction(async (tx) => {
        const row = await rowOf(tx.db, id, true)
        await unlessHeld('product', () =>
          tx.db.deleteFrom('products').where('id', '=', id).execute(),
        )
        await tx.emit('product.deleted', { productId: id, storeId: row.store_id })
        return row.image_id
      })
      if (imageId !== null) await files.discard(imageId)
    },
    async setImage(id, bytes) {
      let replaced: string | null = null
      const product = await change(id, async (tx, before) => {
        replaced = before.image_id
        await tx.db
          .updateTable('products')
          .set({ image_id: await files.add(tx.db, bytes), updated_at: new Date() })
          .where('id', '=', id)
          .execute()
      })
      if (replaced !== null) await files.discard(replaced)
      return product
    },
    async removeImage(id) {
      let removed: string | null = null
      const product = await change(id, async (tx, before) => {
        removed = before.image_id
        await tx.db
          .updateTable('products')
          .set({ image_id: null, updated_at: new Date() })
          .where('id', '=', id)
          .execute()
      })
      if (removed !== null) await files.discard(removed)
      return product
    },
  }
}

const ProductChange = Type.Partial(ProductInput, { additionalProperties: false })

const misfit = ({ instancePath, message }: { instancePath: string; message: string }) =>
  unfit(instancePath.slice(1).replaceAll('/', '.') || 'product', message)

/** What plugins make of it before it is stored. */
const saving = <T extends Partial<ProductInput>>(
  hooks: Hooks,
  input: T,
  productId: string | null,
): Promise<T> => hooks.pass('product.saving', input, () => ({ productId })) as Promise<T> // checked where it is stored

/** A statement takes at most 65,535 values. */
const rowsPerInsert = 1000

/** Checks all, then inserts all; gives their ids in order. */
async function insertAll(tx: CoreTx, inputs: readonly ProductInput[]): Promise<string[]> {
  const stores = new Map<string | undefined, Awaited<ReturnType<typeof storeOrFirst>>>()
  const rows = []
  for (const input of inputs) {
    const [wrong] = Errors(ProductInput, input)
    if (wrong) throw misfit(wrong)
    const store = stores.get(input.storeId) ?? (await storeOrFirst(tx.db, input.storeId))
    stores.set(input.storeId, store)
    // Every column, so that rows of one statement are alike.
    const {
      name = '',
      price = '0',
      description = '',
      category = '',
      stock = null,
      status = 'active',
    } = valuesOf(input, store.currency)
    rows.push({
      id: newId(),
      store_id: store.id,
      name,
      price,
      description,
      category,
      stock,
      status,
    })
  }
  for (let from = 0; from < rows.length; from += rowsPerInsert)
    await tx.db
      .insertInto('products')
      .values(rows.slice(from, from + rowsPerInsert))
      .execute()
  for (const [at, { id }] of rows.entries()) {
    const metadata = inputs[at]?.metadata
    if (metadata) await note(tx.db, 'product', id, 'merchant', metadata.merchant)
  }
  for (const { id, store_id } of rows)
    await tx.emit('product.created', { productId: id, storeId: store_id })
  return rows.map((row) => row.id)
}

function valuesOf(input: Partial<ProductInput>, currency: string) {
  return {
    ...(input.name === undefined ? {} : { name: textOf('name', input.name, { min: 1, max: 200 }) }),
    ...(input.description === undefined
      ? {}
      : { description: textOf('description', input.description, { min: 0, max: 10_000 }) }),
    ...(input.price === undefined ? {} : { price: priceOf(input.price, currency) }),
    ...(input.category === undefined
      ? {}
      : { category: textOf('category', input.category, { min: 0, max: 80 }) }),
    ...(input.stock === undefined ? {} : { stock: stockOf(input.stock) }),
    ...(input.status === undefined ? {} : { status: input.status }),
  }
}

function stockOf(stock: number | null): number | null {
  if (stock === null || (Number.isInteger(stock) && stock >= 0 && stock <= 1_000_000_000))
    return stock
  throw unfit('stock', 'must be a whole number from 0 to 1,000,000,000, or empty')
}

async function rowOf(db: CoreDb, id: string, forUpdate = false): Promise<ProductRow> {
  const query = productsOf(db).where('products.id', '=', id)
  const row = await (forUpdate ? query.forUpdate('products') : query).executeTakeFirst()
  if (!row) throw notFound('product')
  return row
}

import type { Selectable } from 'kysely'
import type { Store } from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import { currencyOf } from './money.ts'
import { conflict, notFound, textOf } from './refusals.ts'
import type { CoreTables } from './tables.ts'
import { newId, type CoreDb, type World } from './world.ts'

/** A merchant's shops; the first comes with the first user. */
export function createStores({ db }: World): Domain['stores'] {
  return {
    async list() {
      return (await db.selectFrom('stores').selectAll().orderBy('seq').execute()).map(storeOf)
    },
    async get(id) {
      const row = await db.selectFrom('stores').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) throw notFound('store')
      return storeOf(row)
    },
    async create(input) {
      const row = await db
        .insertInto('stores')
        .values({
          id: newId(),
          name: nameOf(input.name),
          description: descriptionOf(input.description ?? ''),
          currency: currencyOf(input.currency),
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return storeOf(row)
    },
    async update(id, change) {
      const row = await db
        .updateTable('stores')
        .set((set) => ({
          name: change.name === undefined ? set.ref('name') : nameOf(change.name),
          description:
            change.description === undefined
              ? set.ref('description')
              : descriptionOf(change.description),
          currency:
            change.currency === undefined ? set.ref('currency') : currencyOf(change.currency),
        }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      if (!row) throw notFound('store')
      return storeOf(row)
    },
  }
}

/** The named store, or the first one. */
export async function storeOrFirst(
  db: CoreDb,
  id: string | undefined,
): Promise<Selectable<CoreTables['stores']>> {
  const stores = db.selectFrom('stores').selectAll()
  const row = await (
    id === undefined ? stores.orderBy('seq').limit(1) : stores.where('id', '=', id)
  ).executeTakeFirst()
  if (row) return row
  throw id === undefined
    ? conflict('There is no store yet: register the administrator first.')
    : notFound('store')
}

const nameOf = (name: string) => textOf('name', name, { min: 1, max: 200 })
const descriptionOf = (description: string) =>
  textOf('description', description, { min: 0, max: 10_000 })

const storeOf = (row: Selectable<CoreTables['stores']>): Store => ({
  id: row.id,
  name: row.name,
  description: row.description,
  currency: row.currency,
  createdAt: row.created_at.toISOString(),
})

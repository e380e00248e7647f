import type { Selectable } from 'kysely'
import type { CheckoutFacts, Store } from '@bitcartcc/sdk/resources'
import type { Domain, Held } from './domain.ts'
import { imageUrlOf, type Files } from './files.ts'
import { isNoted, noting, withMetadata } from './metadata.ts'
import { currencyOf } from './money.ts'
import { conflict, notFound, textOf } from './refusals.ts'
import type { CoreTables } from './tables.ts'
import { themeCss } from './theme.ts'
import { newId, type CoreDb, type CoreTx, type World } from './world.ts'

/** A merchant's shops; the first comes with the first user. */
export function createStores(
  world: World,
  parts: { readonly files: Files; readonly settings: Domain['settings'] },
): Domain['stores'] {
  const { db } = world
  const { files, settings } = parts
  /** Another logo, or none; the one before goes. */
  const changeLogo = async (id: string, add: (tx: CoreTx) => Promise<string | null>) => {
    let before: string | null = null
    const store = await world.transaction(async (tx) => {
      const row = await tx.db
        .selectFrom('stores')
        .select('logo_id')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      if (!row) throw notFound('store')
      before = row.logo_id
      const now = await tx.db
        .updateTable('stores')
        .set({ logo_id: await add(tx) })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
      return noting(tx.db, 'store', storeOf(now), undefined)
    })
    if (before !== null) await files.discard(before)
    return store
  }
  return {
    async list(desk = [], metadata = []) {
      const rows = await db
        .selectFrom('stores')
        .selectAll()
        .where((where) => isNoted('store', where.ref('stores.id'), metadata))
        .orderBy('seq')
        .execute()
      const stores = rows.map(storeOf)
      const isOfDesk = ({ id }: Store) => desk === 'all' || desk.includes(id)
      const noted = await withMetadata(db, 'store', stores.filter(isOfDesk))
      return metadata.length > 0
        ? noted
        : stores.map((store) => noted.find(({ id }) => id === store.id) ?? store)
    },
    async get(id, desk = []) {
      const row = await db.selectFrom('stores').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) throw notFound('store')
      return desk === 'all' || desk.includes(id)
        ? noting(db, 'store', storeOf(row), undefined)
        : storeOf(row)
    },
    async create(input) {
      const values = {
        id: newId(),
        name: nameOf(input.name),
        description: descriptionOf(input.description ?? ''),
        currency: currencyOf(input.currency),
      }
      return world.transaction(async (tx) => {
        const row = await tx.db
          .insertInto('stores')
          .values(values)
          .returningAll()
          .executeTakeFirstOrThrow()
        // A service acts for nobody who could own it.
        if (input.ownerId !== undefined)
          await tx.db
            .insertInto('store_members')
            .columns(['store_id', 'user_id', 'role'])
            .expression(
              tx.db
                .selectFrom('users')
                .select((user) => [
                  user.val(row.id).as('store_id'),
                  'id',
                  user.val('owner' as const).as('role'),
                ])
                .where('id', '=', input.ownerId),
            )
            .execute()
        return noting(tx.db, 'store', storeOf(row), input.metadata)
      })
    },
    async update(id, change) {
      return world.transaction(async (tx) => {
        const row = await tx.db
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
        return noting(tx.db, 'store', storeOf(row), change.metadata)
      })
    },
    setLogo: (id, bytes) => changeLogo(id, (tx) => files.add(tx.db, bytes)),
    removeLogo: (id) => changeLogo(id, async () => null),
    async themeCss(id) {
      let found = db.selectFrom('stores').select('id').orderBy('seq').limit(1)
      if (id !== undefined) found = found.where('id', '=', id)
      const store = await found.executeTakeFirst()
      return store ? themeCss(await settings.ofStore('core', store.id)) : ''
    },
    async checkout(id) {
      const store = await storeOrFirst(db, id)
      return checkoutFacts(await settings.ofStore('core', store.id))
    },
    async holding(kind, id) {
      const row = await storeHolding(db, kind, id)
      if (!row) throw notFound(kind)
      return row.store_id
    },
    first: async () => (await storeOrFirst(db, undefined)).id,
  }
}

/** What the checkout of a store goes by. */
export const checkoutFacts = ({
  askEmail,
  thanks,
}: Readonly<Record<string, unknown>>): CheckoutFacts => ({
  email: askEmail === 'optional' || askEmail === 'none' ? askEmail : 'required',
  thanks: typeof thanks === 'string' ? thanks : '',
})

const storeHolding = (db: CoreDb, kind: Held, id: string) => {
  if (kind === 'delivery')
    return db
      .selectFrom('webhook_deliveries')
      .innerJoin('webhooks', 'webhooks.id', 'webhook_deliveries.webhook_id')
      .select('webhooks.store_id')
      .where('webhook_deliveries.id', '=', id)
      .executeTakeFirst()
  if (kind === 'notice')
    return db.selectFrom('notice_rules').select('store_id').where('id', '=', id).executeTakeFirst()
  if (kind === 'message')
    return db
      .selectFrom('notice_messages')
      .innerJoin('notice_rules', 'notice_rules.id', 'notice_messages.rule_id')
      .select('notice_rules.store_id')
      .where('notice_messages.id', '=', id)
      .executeTakeFirst()
  return db.selectFrom(`${kind}s`).select('store_id').where('id', '=', id).executeTakeFirst()
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
  logoUrl: imageUrlOf(row.logo_id),
  createdAt: row.created_at.toISOString(),
})

import { sql } from 'kysely'
import type { Member } from '@bitcartcc/sdk/resources'
import type { Role } from '@bitcartcc/sdk/rights'
import type { Domain } from './domain.ts'
import { conflict, emailOf, notFound, unfit } from './refusals.ts'
import type { CoreDb, World } from './world.ts'

/** Who works in a store, and as what; a store that has an owner keeps one. */
export function createMembers(world: World): Domain['members'] {
  const { db } = world
  return {
    async list(storeId) {
      await existing(db, storeId)
      return (await membersOf(db).where('store_id', '=', storeId).execute()).map(memberOf)
    },
    async get(storeId, userId) {
      return memberIn(db, storeId, userId)
    },
    async add(storeId, input) {
      const email = emailOf('email', input.email)
      return world.transaction(async (tx) => {
        await hold(tx.db, storeId)
        const user = await tx.db
          .selectFrom('users')
          .select('id')
          .where('email', '=', email)
          .executeTakeFirst()
        if (!user)
          throw unfit('email', 'is nobody’s here: whoever manages users adds the person first')
        const { numInsertedOrUpdatedRows } = await tx.db
          .insertInto('store_members')
          .values({ store_id: storeId, user_id: user.id, role: input.role })
          .onConflict((on) => on.columns(['store_id', 'user_id']).doNothing())
          .executeTakeFirstOrThrow()
        if (!numInsertedOrUpdatedRows)
          throw conflict('This person works in the store already: change their role.', [
            { field: 'email', says: 'is a member already' },
          ])
        return memberIn(tx.db, storeId, user.id)
      })
    },
    async change(storeId, userId, role) {
      return world.transaction(async (tx) => {
        await hold(tx.db, storeId)
        const before = await memberIn(tx.db, storeId, userId)
        if (before.role === 'owner' && role !== 'owner') await keepOneOwner(tx.db, storeId, userId)
        await tx.db
          .updateTable('store_members')
          .set({ role })
          .where('store_id', '=', storeId)
          .where('user_id', '=', userId)
          .execute()
        return memberIn(tx.db, storeId, userId)
      })
    },
    async remove(storeId, userId) {
      await world.transaction(async (tx) => {
        await hold(tx.db, storeId)
        const before = await memberIn(tx.db, storeId, userId)
        if (before.role === 'owner') await keepOneOwner(tx.db, storeId, userId)
        await tx.db
          .deleteFrom('store_members')
          .where('store_id', '=', storeId)
          .where('user_id', '=', userId)
          .execute()
      })
    },
  }
}

/** Refuses that somebody goes who is the only owner of a store. */
export async function keepOwners(db: CoreDb, leaving: string): Promise<void> {
  const owned = await db
    .selectFrom('store_members')
    .innerJoin('stores', 'stores.id', 'store_members.store_id')
    .select('stores.id')
    .where('user_id', '=', leaving)
    .where('role', '=', 'owner')
    // In one order everywhere, so that two who leave at once wait and do not deadlock.
    .orderBy(sql`stores.id collate "C"`)
    .forUpdate('stores')
    .execute()
  for (const { id } of owned) await keepOneOwner(db, id, leaving)
}

async function keepOneOwner(db: CoreDb, storeId: string, leaving: string) {
  const { name, others } = await db
    .selectFrom('stores')
    .select([
      'name',
      (store) =>
        store
          .selectFrom('store_members')
          .select(sql<string>`count(*)`.as('count'))
          .where('store_id', '=', storeId)
          .where('role', '=', 'owner')
          .where('user_id', '!=', leaving)
          .as('others'),
    ])
    .where('id', '=', storeId)
    .executeTakeFirstOrThrow()
  if (Number(others) === 0)
    throw conflict(`This is the last owner of ${name}: make somebody else its owner first.`)
}

/** One change of a store's members at a time: two last owners must not leave together. */
async function hold(db: CoreDb, storeId: string) {
  const store = await db
    .selectFrom('stores')
    .select('id')
    .where('id', '=', storeId)
    .forUpdate()
    .executeTakeFirst()
  if (!store) throw notFound('store')
}

async function existing(db: CoreDb, storeId: string) {
  const store = await db
    .selectFrom('stores')
    .select('id')
    .where('id', '=', storeId)
    .executeTakeFirst()
  if (!store) throw notFound('store')
}

const membersOf = (db: CoreDb) =>
  db
    .selectFrom('store_members')
    .innerJoin('users', 'users.id', 'store_members.user_id')
    .select([
      'users.id',
      'users.email',
      'users.name',
      'store_members.role',
      'store_members.created_at',
    ])
    .orderBy('users.seq')

async function memberIn(db: CoreDb, storeId: string, userId: string): Promise<Member> {
  const row = await membersOf(db)
    .where('store_id', '=', storeId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (!row) throw notFound('member')
  return memberOf(row)
}

const memberOf = (row: {
  id: string
  email: string
  name: string
  role: Role
  created_at: Date
}): Member => ({
  userId: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  createdAt: row.created_at.toISOString(),
})

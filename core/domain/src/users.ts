import { sql, type Selectable } from 'kysely'
import { corePermissions } from '@bitcartcc/sdk/names'
import { HttpError } from '@bitcartcc/sdk/server'
import type { User } from '@bitcartcc/sdk/resources'
import { rolePermissions, type Role } from '@bitcartcc/sdk/rights'
import type { Domain } from './domain.ts'
import { keepOwners } from './members.ts'
import { isNoted, noting, withMetadata } from './metadata.ts'
import type { CoreTables } from './tables.ts'
import { hashPassword, isPasswordOf } from './passwords.ts'
import { containing } from './page.ts'
import { conflict, emailOf, notFound, textOf, unfit, unlessHeld } from './refusals.ts'
import { newId, type CoreDb, type World } from './world.ts'

const maxFailures = 10

/** Who may sign in, and what they may do. */
export function createUsers(world: World): Domain['users'] {
  const { db } = world
  return {
    async count() {
      const row = await db
        .selectFrom('users')
        .select(sql<string>`count(*)`.as('count'))
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
    async list({ search, metadata } = {}) {
      const wanted = search?.trim()
      const rows = await usersIn(db)
        .$if(wanted !== undefined && wanted !== '', (query) =>
          query.where((where) =>
            where.or([
              where('name', 'ilike', containing(wanted ?? '')),
              where('email', 'ilike', containing(wanted ?? '')),
            ]),
          ),
        )
        .where((where) => isNoted('user', where.ref('users.id'), metadata))
        .orderBy('seq')
        .execute()
      return withMetadata(db, 'user', rows.map(userOf))
    },
    async get(id) {
      const row = await usersIn(db).where('id', '=', id).executeTakeFirst()
      return row ? userOf(row) : null
    },
    async create(input) {
      const email = emailOf('email', input.email)
      const name = textOf('name', input.name, { min: 1, max: 200 })
      const permissions = permissionsOf(world, input.permissions)
      const password_hash = await hashPassword(input.password)
      return world.transaction(async (tx) => {
        // One registration at a time: two firsts would make two administrators.
        await sql`lock table core.users in share row exclusive mode`.execute(tx.db)
        const isFirst = !(await tx.db.selectFrom('users').select('id').limit(1).executeTakeFirst())
        if (input.onlyAsFirst && !isFirst)
          throw new HttpError(403, 'This shop has its administrator already: sign in to add users.')
        if (
          await tx.db.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
        )
          throw conflict('This e-mail address is taken.', [{ field: 'email', says: 'is taken' }])
        const { id } = await tx.db
          .insertInto('users')
          .values({
            id: newId(),
            email,
            name,
            password_hash,
            is_administrator: isFirst,
            permissions: JSON.stringify(permissions),
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        if (
          isFirst &&
          !(await tx.db.selectFrom('stores').select('id').limit(1).executeTakeFirst())
        ) {
          const store = { id: newId(), name: 'My store', currency: 'USD' }
          await tx.db.insertInto('stores').values(store).execute()
          await tx.db
            .insertInto('store_members')
            .values({ store_id: store.id, user_id: id, role: 'owner' })
            .execute()
        }
        return noting(tx.db, 'user', await read(tx.db, id), input.metadata)
      })
    },
    async update(id, change) {
      const values = {
        ...(change.name === undefined
          ? {}
          : { name: textOf('name', change.name, { min: 1, max: 200 }) }),
        ...(change.permissions === undefined
          ? {}
          : { permissions: JSON.stringify(permissionsOf(world, change.permissions)) }),
        ...(change.password === undefined
          ? {}
          : { password_hash: await hashPassword(change.password) }),
        ...(change.isAdministrator === undefined
          ? {}
          : { is_administrator: change.isAdministrator }),
      }
      return world.transaction(async (tx) => {
        const before = await tx.db
          .selectFrom('users')
          .select('is_administrator')
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst()
        if (!before) throw notFound('user')
        if (change.isAdministrator === false && before.is_administrator)
          await keepOneAdministrator(tx.db, id)
        if (Object.keys(values).length > 0)
          await tx.db.updateTable('users').set(values).where('id', '=', id).execute()
        // Whoever knew the old password is signed out.
        if (change.password !== undefined)
          await tx.db.deleteFrom('sessions').where('user_id', '=', id).execute()
        return noting(tx.db, 'user', await read(tx.db, id), change.metadata)
      })
    },
    async remove(id) {
      await world.transaction(async (tx) => {
        const row = await tx.db
          .selectFrom('users')
          .select('is_administrator')
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst()
        if (!row) throw notFound('user')
        if (row.is_administrator) await keepOneAdministrator(tx.db, id)
        await keepOwners(tx.db, id)
        await unlessHeld('user', () => tx.db.deleteFrom('users').where('id', '=', id).execute())
      })
    },
    async signIn(address, password) {
      const email = address.trim().toLowerCase().replaceAll('\0', '').slice(0, 254)
      // Counted before the password is looked at: attempts at once do not slip past the limit.
      const { rows } = await sql`
        insert into core.sign_in_failures (address)
        select ${email} where (select count(*) from core.sign_in_failures where address = ${email} and at > now() - interval '15 minutes') < ${maxFailures}
        returning address`.execute(db)
      if (rows.length === 0)
        throw new HttpError(429, 'Too many attempts to sign in. Try again in 15 minutes.')
      const row = await usersIn(db).where('email', '=', email).executeTakeFirst()
      if (await isPasswordOf(password, row?.password_hash)) {
        await db.deleteFrom('sign_in_failures').where('address', '=', email).execute()
        return row ? userOf(row) : null
      }
      await db
        .deleteFrom('sign_in_failures')
        .where('at', '<', sql<Date>`now() - interval '1 day'`)
        .execute()
      return null
    },
  }
}

/** Store → role of a user. */
export const rolesOfUser = sql<Readonly<Record<string, Role>>>`(
  select coalesce(jsonb_object_agg(store_id, role), '{}') from core.store_members where user_id = users.id)`.as(
  'roles',
)

const usersIn = (db: CoreDb) => db.selectFrom('users').selectAll().select(rolesOfUser)

const read = async (db: CoreDb, id: string) =>
  userOf(await usersIn(db).where('id', '=', id).executeTakeFirstOrThrow())

/** A row as the API shows it. */
export const userOf = (
  row: Selectable<CoreTables['users']> & { readonly roles: Readonly<Record<string, Role>> },
): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  isAdministrator: row.is_administrator,
  permissions: [...row.permissions],
  stores: Object.entries(row.roles).map(([storeId, role]) => ({
    storeId,
    role,
    permissions: [...rolePermissions[role]],
  })),
  createdAt: row.created_at.toISOString(),
})

/** Permissions that core or a selected plugin declares, sorted. */
export function permissionsOf(world: Pick<World, 'facts'>, asked: readonly string[]): string[] {
  const declared = new Set([
    ...Object.keys(corePermissions),
    ...[...world.facts.values()].flatMap((facts) => Object.keys(facts.permissions)),
  ])
  const unknown = asked.find((permission) => !declared.has(permission))
  if (unknown !== undefined)
    throw unfit('permissions', `has ${unknown}, which nothing here declares`)
  return [...new Set(asked)].toSorted()
}

async function keepOneAdministrator(db: CoreDb, leaving: string) {
  await sql`lock table core.users in share row exclusive mode`.execute(db)
  const other = await db
    .selectFrom('users')
    .select('id')
    .where('is_administrator', '=', true)
    .where('id', '!=', leaving)
    .limit(1)
    .executeTakeFirst()
  if (!other)
    throw conflict('This is the last administrator: make another user an administrator first.')
}

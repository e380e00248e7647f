import { randomBytes } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import { HttpError } from '@bitcartcc/sdk/server'
import type { Token, User } from '@bitcartcc/sdk/resources'
import { may, mayIn, scopeOf, storePermissions, storesWith } from '@bitcartcc/sdk/rights'
import type { Domain } from './domain.ts'
import { notFound, textOf, unfit } from './refusals.ts'
import { hashOf } from './sessions.ts'
import type { CoreTables } from './tables.ts'
import { permissionsOf, rolesOfUser, userOf } from './users.ts'
import { newId, type CoreDb, type World } from './world.ts'

/** What programs use in place of a session: a user's rights, or fewer. */
export function createTokens(world: World): Domain['tokens'] {
  const { db } = world
  return {
    async list(userId) {
      return (
        await db
          .selectFrom('tokens')
          .selectAll()
          .where('user_id', '=', userId)
          .orderBy('seq')
          .execute()
      ).map(tokenOf)
    },
    async create(userId, name, asked) {
      const scopes = [...new Set(asked)].toSorted()
      permissionsOf(
        world,
        scopes.map((scope) => scopeOf(scope).permission),
      )
      return world.transaction(async (tx) => {
        const row = await userIn(tx.db, userId)
        if (!row) throw notFound('user')
        const user = userOf(row)
        await checkStores(tx.db, scopes)
        const beyond = scopes.find((scope) => !holds(user, scope))
        if (beyond !== undefined)
          throw new HttpError(
            403,
            `You cannot give a token ${beyond}: you do not have it yourself.`,
          )
        const secret = `bcc_${randomBytes(32).toString('base64url')}`
        const token = await tx.db
          .insertInto('tokens')
          .values({
            id: newId(),
            user_id: userId,
            name: textOf('name', name, { min: 1, max: 200 }),
            hash: hashOf(secret),
            permissions: JSON.stringify(scopes),
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        return { ...tokenOf(token), secret }
      })
    },
    async remove(userId, id) {
      await world.transaction(async (tx) => {
        const { numDeletedRows } = await tx.db
          .deleteFrom('tokens')
          .where('id', '=', id)
          .where('user_id', '=', userId)
          .executeTakeFirst()
        if (numDeletedRows === 0n) throw notFound('token')
      })
    },
    async userOf(secret) {
      const token = await db
        .selectFrom('tokens')
        .selectAll()
        .where('hash', '=', hashOf(secret))
        .executeTakeFirst()
      const row = token && (await userIn(db, token.user_id))
      if (!row) return null
      // To the minute: a busy program must not write a row at each request.
      await db
        .updateTable('tokens')
        .set({ last_used_at: sql<Date>`now()` })
        .where('id', '=', token.id)
        .where(sql<boolean>`coalesce(last_used_at, '-infinity') < now() - interval '1 minute'`)
        .execute()
      const user = userOf(row)
      return token.permissions.length === 0 ? user : narrowed(user, token.permissions)
    },
  }
}

const userIn = (db: CoreDb, id: string) =>
  db.selectFrom('users').selectAll().select(rolesOfUser).where('id', '=', id).executeTakeFirst()

const holds = (user: User, scope: string): boolean => {
  const { permission, storeId } = scopeOf(scope)
  return storeId === undefined
    ? storesWith(user, permission).length > 0
    : mayIn(user, permission, storeId)
}

/** Refuses a scope for a store that is not there, or of a permission that no store has. */
async function checkStores(db: CoreDb, scopes: readonly string[]) {
  const named = scopes.map((scope) => ({ scope, ...scopeOf(scope) }))
  const whole = named.find(
    ({ permission, storeId }) =>
      storeId !== undefined && !storePermissions.some((each) => each === permission),
  )
  if (whole)
    throw unfit('permissions', `has ${whole.scope}, and ${whole.permission} is for no single store`)
  const ids = named.flatMap(({ storeId }) => (storeId === undefined ? [] : [storeId]))
  if (ids.length === 0) return
  const stores = await db.selectFrom('stores').select('id').where('id', 'in', ids).execute()
  const missing = named.find(
    ({ storeId }) => storeId !== undefined && !stores.some(({ id }) => id === storeId),
  )
  if (missing) throw unfit('permissions', `has ${missing.scope}, and there is no such store`)
}

/** What is left of a user's rights: no more than the scopes name, and no more than the user has by now. */
function narrowed(user: User, scopes: readonly string[]): User {
  const parts = scopes.map(scopeOf)
  const everywhere = parts.flatMap(({ permission, storeId }) =>
    storeId === undefined ? [permission] : [],
  )
  const storeIds = new Set([
    ...user.stores.map(({ storeId }) => storeId),
    ...parts.flatMap(({ storeId }) => (storeId === undefined ? [] : [storeId])),
  ])
  return {
    ...user,
    isAdministrator: false,
    permissions: everywhere.filter((permission) => may(user, permission)),
    stores: [...storeIds].flatMap((storeId) => {
      const named = parts.filter((part) => (part.storeId ?? storeId) === storeId)
      const permissions = named
        .map(({ permission }) => permission)
        .filter((permission) => mayIn(user, permission, storeId))
      const role = user.stores.find((each) => each.storeId === storeId)?.role ?? null
      return permissions.length === 0
        ? []
        : [{ storeId, role, permissions: [...new Set(permissions)] }]
    }),
  }
}

const tokenOf = (row: Selectable<CoreTables['tokens']>): Token => ({
  id: row.id,
  name: row.name,
  permissions: [...row.permissions],
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
})

import { randomBytes } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import { HttpError } from '@bitcartcc/sdk/server'
import type { Token } from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import { notFound, textOf } from './refusals.ts'
import { hashOf } from './sessions.ts'
import type { CoreTables } from './tables.ts'
import { permissionsOf, userOf } from './users.ts'
import { newId, type World } from './world.ts'

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
      const permissions = permissionsOf(world, asked)
      const user = await db
        .selectFrom('users')
        .selectAll()
        .where('id', '=', userId)
        .executeTakeFirst()
      if (!user) throw notFound('user')
      const beyond = user.is_administrator
        ? undefined
        : permissions.find((permission) => !user.permissions.includes(permission))
      if (beyond !== undefined)
        throw new HttpError(403, `You cannot give a token ${beyond}: you do not have it yourself.`)
      const secret = `bcc_${randomBytes(32).toString('base64url')}`
      const row = await db
        .insertInto('tokens')
        .values({
          id: newId(),
          user_id: userId,
          name: textOf('name', name, { min: 1, max: 200 }),
          hash: hashOf(secret),
          permissions: JSON.stringify(permissions),
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return { ...tokenOf(row), secret }
    },
    async remove(userId, id) {
      const { numDeletedRows } = await db
        .deleteFrom('tokens')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw notFound('token')
    },
    async userOf(secret) {
      const token = await db
        .selectFrom('tokens')
        .selectAll()
        .where('hash', '=', hashOf(secret))
        .executeTakeFirst()
      const row =
        token &&
        (await db
          .selectFrom('users')
          .selectAll()
          .where('id', '=', token.user_id)
          .executeTakeFirst())
      if (!row) return null
      // To the minute: a busy program must not write a row at each request.
      await db
        .updateTable('tokens')
        .set({ last_used_at: sql<Date>`now()` })
        .where('id', '=', token.id)
        .where(sql<boolean>`coalesce(last_used_at, '-infinity') < now() - interval '1 minute'`)
        .execute()
      const user = userOf(row)
      if (token.permissions.length === 0) return user
      return {
        ...user,
        isAdministrator: false,
        permissions: token.permissions.filter(
          (permission) => user.isAdministrator || user.permissions.includes(permission),
        ),
      }
    },
  }
}

const tokenOf = (row: Selectable<CoreTables['tokens']>): Token => ({
  id: row.id,
  name: row.name,
  permissions: [...row.permissions],
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
})

import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Domain } from './domain.ts'
import { rolesOfUser, userOf } from './users.ts'
import type { World } from './world.ts'

/** Who is signed in: 30 days from signing in. */
export function createSessions({ db }: World): Domain['sessions'] {
  return {
    async create(userId) {
      const session = randomBytes(32).toString('base64url')
      await db
        .insertInto('sessions')
        .values({
          hash: hashOf(session),
          user_id: userId,
          expires_at: sql<Date>`now() + interval '30 days'`,
        })
        .execute()
      await db
        .deleteFrom('sessions')
        .where('expires_at', '<', sql<Date>`now()`)
        .execute()
      return session
    },
    async userOf(session) {
      const row = await db
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.user_id')
        .selectAll('users')
        .select(rolesOfUser)
        .where('hash', '=', hashOf(session))
        .where('expires_at', '>', sql<Date>`now()`)
        .executeTakeFirst()
      return row ? userOf(row) : null
    },
    async remove(session) {
      await db.deleteFrom('sessions').where('hash', '=', hashOf(session)).execute()
    },
  }
}

/** What is stored of a secret that its owner sends each time. */
export const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')

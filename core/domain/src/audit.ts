import type { Selectable } from 'kysely'
import type { AuditEntry } from '@bitcartcc/sdk/resources'
import type { Change, Domain } from './domain.ts'
import { containing, pageOf, seqOf } from './page.ts'
import type { CoreTables } from './tables.ts'
import { newId, type CoreDb, type World } from './world.ts'

const storable = (text: string) => text.replaceAll('\0', '').slice(0, 500)

/** Writes down a change, in the transaction of the change where it has one. */
export async function recordChange(
  db: CoreDb,
  { user, isByToken, action, path, address }: Change,
): Promise<void> {
  await db
    .insertInto('audit_entries')
    .values({
      id: newId(),
      user_id: user.id,
      user_email: user.email,
      is_by_token: isByToken,
      action,
      path: storable(path),
      address: storable(address),
    })
    .execute()
}

/** Who changed what, when and from where. What was changed to is not kept: it may be a secret. */
export function createAudit({ db }: World): Domain['audit'] {
  return {
    async list({ search, cursor, limit }) {
      let query = db.selectFrom('audit_entries').selectAll()
      const wanted = search?.trim()
      if (wanted)
        query = query.where((where) =>
          where.or([
            where('user_email', 'ilike', containing(wanted)),
            where('path', 'ilike', containing(wanted)),
          ]),
        )
      const before = seqOf(cursor)
      if (before !== undefined) query = query.where('seq', '<', before)
      const rows = await query
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute()
      return pageOf(rows, limit, entryOf)
    },
  }
}

const entryOf = (row: Selectable<CoreTables['audit_entries']>): AuditEntry => ({
  id: row.id,
  userId: row.user_id,
  userEmail: row.user_email,
  isByToken: row.is_by_token,
  action: row.action,
  path: row.path,
  address: row.address,
  createdAt: row.created_at.toISOString(),
})

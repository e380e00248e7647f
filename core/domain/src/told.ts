import { sql } from 'kysely'
import { compiledOnce } from './compiled-once.ts'
import type { CoreDb } from './world.ts'

/** Who wants to know what happens in a store, each in the order they were made. */
export interface Told {
  webhooks(storeId: string, event: string): Promise<readonly string[]>
  notices(storeId: string, event: string): Promise<readonly string[]>
}

/** Reads both at once, and once in a transaction: a store is asked about at each of its events. */
export function toldWithin(db: CoreDb): Told {
  const known = new Map<string, ReturnType<typeof listening>>()
  const ids = async (of: 'webhooks' | 'notices', storeId: string, event: string) => {
    const found = known.get(storeId) ?? listening(db, { storeId })
    known.set(storeId, found)
    return (await found)
      .filter(({ kind, events }) => kind === of && events.includes(event))
      .map(({ id }) => id)
  }
  return {
    webhooks: (storeId, event) => ids('webhooks', storeId, event),
    notices: (storeId, event) => ids('notices', storeId, event),
  }
}

const listening = compiledOnce((db, { storeId }: { readonly storeId: string }) =>
  db
    .selectFrom('webhooks')
    .select([sql<'webhooks' | 'notices'>`'webhooks'`.as('kind'), 'id', 'events', 'seq'])
    .where('store_id', '=', storeId)
    .where('is_enabled', '=', true)
    .unionAll(
      db
        .selectFrom('notice_rules')
        .select([sql<'webhooks' | 'notices'>`'notices'`.as('kind'), 'id', 'events', 'seq'])
        .where('store_id', '=', storeId)
        .where('is_enabled', '=', true),
    )
    .orderBy('seq'),
)

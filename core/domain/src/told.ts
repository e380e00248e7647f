import { sql, type RawBuilder } from 'kysely'
import { compiledOnce } from './compiled-once.ts'
import type { CoreDb } from './world.ts'

/** Who wants to know what happens in a store, each in the order they were made. */
export interface Told {
  webhooks(storeId: string, event: string): Promise<readonly string[]>
  notices(storeId: string, event: string): Promise<readonly string[]>
}

export interface Listener {
  readonly kind: 'webhooks' | 'notices'
  readonly id: string
  readonly events: readonly string[]
}

/** Reads both at once, and once in a transaction: a store is asked about at each of its events. */
export function toldWithin(db: CoreDb): Told & {
  /** Takes what was read with something else of the store. */
  know(storeId: string, listeners: readonly Listener[]): void
} {
  const known = new Map<string, Promise<readonly Listener[]>>()
  const ids = async (of: Listener['kind'], storeId: string, event: string) => {
    const found = known.get(storeId) ?? listening(db, { storeId })
    known.set(storeId, found)
    return (await found)
      .filter(({ kind, events }) => kind === of && events.includes(event))
      .map(({ id }) => id)
  }
  return {
    webhooks: (storeId, event) => ids('webhooks', storeId, event),
    notices: (storeId, event) => ids('notices', storeId, event),
    know: (storeId, listeners) => void known.set(storeId, Promise.resolve(listeners)),
  }
}

/** Who is told of what happens in a store, in the order they were made. */
export const listenersOf = (db: CoreDb, storeId: string | RawBuilder<string>) =>
  db
    .selectFrom('webhooks')
    .select([sql<Listener['kind']>`'webhooks'`.as('kind'), 'id', 'events', 'seq'])
    .where('store_id', '=', storeId)
    .where('is_enabled', '=', true)
    .unionAll(
      db
        .selectFrom('notice_rules')
        .select([sql<Listener['kind']>`'notices'`.as('kind'), 'id', 'events', 'seq'])
        .where('store_id', '=', storeId)
        .where('is_enabled', '=', true),
    )
    .orderBy('seq')

const listening = compiledOnce((db, { storeId }: { readonly storeId: string }) =>
  listenersOf(db, storeId),
)

import { sql } from 'kysely'
import type { CoreEvents } from '@bitcartcc/sdk/server'
import type { JobQueue, Within } from './jobs.ts'
import { newId, type CoreDb } from './world.ts'

/** Queues a try of a message; within the transaction of the message, where there is one. */
export const queueNotice = (
  queue: JobQueue,
  within: Within | undefined,
  messageId: string,
  afterSeconds = 0,
) =>
  queue.send(
    within,
    { plugin: 'core', job: 'send-notice', payload: { messageId } },
    { key: messageId, afterSeconds },
  )

/** Gives what tells people of a store, for one transaction: messages exist if it commits. They are worded when they are sent. */
export function noticesWithin(queue: JobQueue, db: CoreDb & Within) {
  const known = new Map<string, ReturnType<typeof rulesOf>>()
  return async <E extends keyof CoreEvents>(event: E, payload: CoreEvents[E]): Promise<void> => {
    const { storeId } = payload
    const rules = known.get(storeId) ?? rulesOf(db, storeId)
    known.set(storeId, rules)
    for (const { id: ruleId, events } of await rules) {
      if (!events.includes(event)) continue
      const id = newId()
      await db
        .insertInto('notice_messages')
        .values({
          id,
          rule_id: ruleId,
          event,
          payload: JSON.stringify(payload),
          next_try_at: sql<Date>`now()`,
        })
        .execute()
      await queueNotice(queue, db, id)
    }
  }
}

const rulesOf = (db: CoreDb, storeId: string) =>
  db
    .selectFrom('notice_rules')
    .select(['id', 'events'])
    .where('store_id', '=', storeId)
    .where('is_enabled', '=', true)
    .orderBy('seq')
    .execute()

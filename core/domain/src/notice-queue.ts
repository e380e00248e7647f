import { sql } from 'kysely'
import type { CoreEvents } from '@bitcartcc/sdk/server'
import type { JobQueue, Within } from './jobs.ts'
import type { Told } from './told.ts'
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
export function noticesWithin(queue: JobQueue, db: CoreDb & Within, told: Told) {
  return async <E extends keyof CoreEvents>(event: E, payload: CoreEvents[E]): Promise<void> => {
    const { storeId } = payload
    for (const ruleId of await told.notices(storeId, event)) {
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

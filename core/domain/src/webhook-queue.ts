import { sql } from 'kysely'
import type { CoreEvents } from '@bitcartcc/sdk/server'
import type { WebhookMessage } from '@bitcartcc/sdk/resources'
import type { JobQueue, Within } from './jobs.ts'
import type { Told } from './told.ts'
import { newId, type CoreDb } from './world.ts'

/** Queues a try of a delivery; within the transaction of the delivery, where there is one. */
export const queueTry = (
  queue: JobQueue,
  within: Within | undefined,
  deliveryId: string,
  afterSeconds = 0,
) =>
  queue.send(
    within,
    { plugin: 'core', job: 'deliver-webhook', payload: { deliveryId } },
    { key: deliveryId, afterSeconds },
  )

/** Gives what tells the webhooks of a store, for one transaction: deliveries exist if it commits. */
export function webhooksWithin(queue: JobQueue, db: CoreDb & Within, told: Told) {
  return async <E extends keyof CoreEvents>(event: E, payload: CoreEvents[E]): Promise<void> => {
    const { storeId } = payload
    for (const webhookId of await told.webhooks(storeId, event)) {
      const message: WebhookMessage = {
        id: newId(),
        event,
        storeId,
        createdAt: new Date().toISOString(),
        data: { ...payload },
      }
      const id = newId()
      await db
        .insertInto('webhook_deliveries')
        .values({
          id,
          webhook_id: webhookId,
          event,
          body: JSON.stringify(message),
          next_try_at: sql<Date>`now()`,
        })
        .execute()
      await queueTry(queue, db, id)
    }
  }
}

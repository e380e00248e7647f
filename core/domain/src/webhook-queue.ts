import { sql } from 'kysely'
import type { CoreEvents } from '@bitcartcc/sdk/server'
import type { WebhookMessage } from '@bitcartcc/sdk/resources'
import type { JobQueue, Within } from './jobs.ts'
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
export function webhooksWithin(queue: JobQueue, db: CoreDb & Within) {
  const known = new Map<string, Promise<readonly string[]>>()
  const listening = (event: string, storeId: string) => {
    const key = `${event} ${storeId}`
    const found = known.get(key) ?? findListening(db, event, storeId)
    known.set(key, found)
    return found
  }
  return async <E extends keyof CoreEvents>(event: E, payload: CoreEvents[E]): Promise<void> => {
    const { storeId } = payload
    for (const webhookId of await listening(event, storeId)) {
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

async function findListening(db: CoreDb, event: string, storeId: string) {
  const rows = await db
    .selectFrom('webhooks')
    .select('id')
    .where('store_id', '=', storeId)
    .where('is_enabled', '=', true)
    .where(sql<boolean>`events @> ${JSON.stringify([event])}::jsonb`)
    .orderBy('seq')
    .execute()
  return rows.map(({ id }) => id)
}

import { sql } from 'kysely'
import type { Domain } from './domain.ts'
import type { JobQueue } from './jobs.ts'
import { open } from './secret-key.ts'
import { tryPauses } from './try-pauses.ts'
import { queueTry } from './webhook-queue.ts'
import { signatureHeader, signatureOf } from './webhook-signature.ts'
import { post } from './webhook-target.ts'
import type { World } from './world.ts'

interface Outcome {
  readonly responseStatus: number | null
  readonly ms: number | null
  /** Null where it arrived. */
  readonly failure: string | null
}

/** Gives what makes one try of a delivery, writes down how it went, and queues the next where there is one. */
export function createWebhookTries(
  world: World,
  parts: { readonly queue: JobQueue; readonly settings: Domain['settings']; readonly key: Buffer },
) {
  const { db } = world
  const { queue, settings, key } = parts
  return async (deliveryId: string, stopping: AbortSignal): Promise<void> => {
    const row = await db
      .selectFrom('webhook_deliveries as delivery')
      .innerJoin('webhooks', 'webhooks.id', 'delivery.webhook_id')
      .select([
        'webhook_id',
        'event',
        'body',
        'status',
        'tries',
        'url',
        'sealed_secret',
        'is_enabled',
      ])
      .where('delivery.id', '=', deliveryId)
      .executeTakeFirst()
    // Its webhook was deleted, or an earlier try of the same job arrived and died before it said so.
    if (row?.status !== 'waiting') return
    const send = async (): Promise<Outcome> => {
      if (!row.is_enabled) return failed('The webhook is switched off.')
      const secret = open(key, placeOf(row.webhook_id), row.sealed_secret)
      if (secret === undefined)
        return failed('Its secret was stored with another secret key: make the webhook anew.')
      const { webhookSeconds, webhooksReachPrivate } = await settings.of('core')
      const seconds = Number(webhookSeconds)
      const timeout = AbortSignal.timeout(seconds * 1000)
      const began = performance.now()
      const took = () => Math.round(performance.now() - began)
      try {
        const status = await post({
          url: row.url,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'BitcartCC',
            'bitcartcc-event': row.event,
            'bitcartcc-delivery': deliveryId,
            [signatureHeader]: signatureOf(secret, Math.floor(Date.now() / 1000), row.body),
          },
          body: row.body,
          isPrivateAllowed: webhooksReachPrivate === true,
          signal: AbortSignal.any([stopping, timeout]),
        })
        const isTaken = status >= 200 && status < 300
        return {
          responseStatus: status,
          ms: took(),
          failure: isTaken ? null : `It answered ${status}.`,
        }
      } catch (error) {
        // At shutdown nothing was decided: the queue gives the try to whoever works next.
        if (stopping.aborted) throw error
        const says = timeout.aborted ? `It did not answer within ${seconds} s.` : reasonOf(error)
        return { ...failed(says), ms: took() }
      }
    }
    const { responseStatus, ms, failure } = await send()
    const pause = row.is_enabled && failure !== null ? tryPauses[row.tries] : undefined
    await world.transaction(async (tx) => {
      await tx.db
        .updateTable('webhook_deliveries')
        .set({
          tries: row.tries + 1,
          response_status: responseStatus,
          ms,
          failure,
          status: failure === null ? 'delivered' : pause === undefined ? 'parked' : 'waiting',
          tried_at: sql<Date>`now()`,
          next_try_at:
            pause === undefined
              ? null
              : sql<Date>`now() + make_interval(secs => ${pause}::integer)`,
        })
        .where('id', '=', deliveryId)
        .execute()
      if (pause !== undefined) await queueTry(queue, tx.db, deliveryId, pause)
    })
  }
}

/** What a secret is sealed for. */
export const placeOf = (webhookId: string) => `webhook ${webhookId}`

const failed = (failure: string): Outcome => ({ responseStatus: null, ms: null, failure })

const reasonOf = (error: unknown) =>
  (error instanceof AggregateError
    ? error.errors.map(String).join('; ')
    : error instanceof Error
      ? error.message
      : String(error)
  )
    .replaceAll('\0', '')
    .slice(0, 300)

import { sql } from 'kysely'
import type { Log } from '@bitcartcc/sdk/server'
import type { Domain } from './domain.ts'
import type { Delivery, JobQueue } from './jobs.ts'
import { lookIn } from './payment-requests.ts'
import type { CoreDb } from './world.ts'

interface Parts {
  readonly handlers: Parameters<Domain['queue']['work']>[0]
  readonly contextFor: Domain['contextFor']
  readonly invoices: Omit<Domain['invoices'], 'watch'>
  readonly tryWebhook: (deliveryId: string, stopping: AbortSignal) => Promise<void>
  readonly tryNotice: (messageId: string, stopping: AbortSignal) => Promise<void>
  readonly queue: JobQueue
  readonly db: CoreDb
  /** Fires when the process shuts down. */
  readonly stopping: AbortSignal
  readonly log: Log
}

/** Hands what the queue delivers to whom it is for; what throws is tried again later. */
export function createDeliver(parts: Parts) {
  const { handlers, contextFor, log } = parts
  const jobs = new Map(handlers.jobs.map(({ plugin, job }) => [`${plugin}/${job.name}`, job]))
  const listeners = Map.groupBy(
    handlers.listeners,
    ({ plugin, listener }) => `${plugin} ${listener.event}`,
  )
  const run = async (delivery: Delivery, signal: AbortSignal) => {
    if (delivery.plugin === 'core')
      return runCore(parts, 'job' in delivery ? delivery.job : '', delivery.payload, signal)
    const found =
      'job' in delivery
        ? [jobs.get(`${delivery.plugin}/${delivery.job}`)].filter((job) => job !== undefined)
        : (listeners.get(`${delivery.plugin} ${delivery.event}`) ?? []).map((each) => each.listener)
    if (found.length === 0) throw new Error('nothing in this distribution takes it')
    const context = await contextFor(delivery.plugin)
    const within = { ...context, signal: AbortSignal.any([context.signal, signal]) }
    for (const handler of found) await handler.run(delivery.payload, within)
  }
  return async (delivery: Delivery, signal: AbortSignal) => {
    try {
      await run(delivery, signal)
    } catch (error) {
      const name = 'job' in delivery ? delivery.job : delivery.event
      log.error(`${delivery.plugin} failed at ${name}; it is tried again later`, {
        plugin: delivery.plugin,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
      throw error
    }
  }
}

/** Core's own jobs; each is queued by core, with the payload it has here. */
function runCore(parts: Parts, job: string, payload: unknown, signal: AbortSignal): Promise<void> {
  const stopping = AbortSignal.any([parts.stopping, signal])
  const { deliveryId, messageId } = payload as { deliveryId: string; messageId: string } // as queueTry and queueNotice write them
  if (job === 'look-for-payments') return look(parts, signal)
  if (job === 'deliver-webhook') return parts.tryWebhook(deliveryId, stopping)
  if (job === 'send-notice') return parts.tryNotice(messageId, stopping)
  return tidy(parts)
}

/** Looks for payments, and has it done again as soon as the next is due; the schedule does where that is later than a minute. */
async function look({ invoices, queue, stopping }: Parts, signal: AbortSignal) {
  const seconds = await invoices.lookForPayments(AbortSignal.any([stopping, signal]))
  if (seconds !== undefined && seconds < 60) await lookIn(queue, Math.max(1, seconds))
}

/** Every minute, what is due. */
async function tidy({ invoices, db }: Parts) {
  await invoices.expireDue()
  await db
    .deleteFrom('carts')
    .where('updated_at', '<', sql<Date>`now() - interval '90 days'`)
    .execute()
  await db
    .deleteFrom('idempotency_keys')
    .where('created_at', '<', sql<Date>`now() - interval '1 day'`)
    .execute()
  await db
    .deleteFrom('audit_entries')
    .where('created_at', '<', sql<Date>`now() - interval '1 year'`)
    .execute()
  await db
    .deleteFrom('notice_messages')
    .where('created_at', '<', sql<Date>`now() - interval '30 days'`)
    .execute()
  await db
    .deleteFrom('webhook_deliveries')
    .where('created_at', '<', sql<Date>`now() - interval '30 days'`)
    .execute()
}

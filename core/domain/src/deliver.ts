import { sql } from 'kysely'
import type { Log } from '@bitcartcc/sdk/server'
import type { Domain } from './domain.ts'
import type { Delivery } from './jobs.ts'
import type { CoreDb } from './world.ts'

interface Parts {
  readonly handlers: Parameters<Domain['queue']['work']>[0]
  readonly contextFor: Domain['contextFor']
  readonly invoices: Domain['invoices']
  readonly db: CoreDb
  readonly log: Log
}

/** Hands what the queue delivers to whom it is for; what throws is tried again later. */
export function createDeliver({ handlers, contextFor, invoices, db, log }: Parts) {
  const jobs = new Map(handlers.jobs.map(({ plugin, job }) => [`${plugin}/${job.name}`, job]))
  const listeners = Map.groupBy(
    handlers.listeners,
    ({ plugin, listener }) => `${plugin} ${listener.event}`,
  )
  const run = async (delivery: Delivery, signal: AbortSignal) => {
    if (delivery.plugin === 'core') return runCore(invoices, db)
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

/** Core's one job: every minute, what is due. */
async function runCore(invoices: Domain['invoices'], db: CoreDb) {
  await invoices.expireDue()
  await db
    .deleteFrom('carts')
    .where('updated_at', '<', sql<Date>`now() - interval '90 days'`)
    .execute()
}

import type { Domain } from '@bitcartcc/domain/domain'
import type { Log } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'

export interface WorkerOptions {
  readonly wiring: Pick<ServerWiring, 'worker'>
  readonly domain: Domain
  readonly log: Log
}

/** Starts time and queues: every job, schedule and listener of core and the plugins; closing the domain ends it. */
export async function startWorker({ wiring, domain, log }: WorkerOptions): Promise<void> {
  const { jobs, listeners } = wiring.worker
  await domain.queue.work({ jobs, listeners })
  log.info('worker started', { jobs: jobs.length, listeners: listeners.length })
}

import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import type { JobQueue, Within } from './jobs.ts'
import { checkPlainJson } from './plain-json.ts'

export type Emit = (within: Within, event: string, payload: unknown) => Promise<void>

/** Emits into the transaction of the data: each plugin that listens gets a delivery of its own, retried on its own. */
export function createEmit(wiring: ServerWiring, queue: JobQueue): Emit {
  const pairs = wiring.worker.listeners.map(
    ({ plugin, listener }) => [listener.event, plugin] as const,
  )
  const listening = new Map(
    [...Map.groupBy(pairs, ([event]) => event)].map(([event, found]) => [
      event,
      [...new Set(found.map(([, plugin]) => plugin))].toSorted(),
    ]),
  )
  return async (within, event, payload) => {
    checkPlainJson(`the payload of ${event}`, payload)
    for (const plugin of listening.get(event) ?? [])
      await queue.send(within, { plugin, event, payload })
  }
}

import type { Kysely } from 'kysely'
import type { MetadataNoun } from '@bitcartcc/sdk/manifest'
import { schemaOf } from '@bitcartcc/sdk/names'
import type { ProductInput } from '@bitcartcc/sdk/resources'
import type { Context, Log, PluginTypes, ReportedPayment } from '@bitcartcc/sdk/server'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { Asking } from './asked.ts'
import type { Database } from './database.ts'
import type { Domain } from './domain.ts'
import type { Emit } from './events.ts'
import type { JobQueue, SendOptions, Within } from './jobs.ts'
import type { PaymentRequests } from './payment-requests.ts'
import { note, notesOf, type Noted } from './metadata.ts'
import { checkDeclared, checkPlainJson } from './plain-json.ts'
import type { Rates } from './rates.ts'
import type { StoreTexts } from './store-texts.ts'
import type { CoreDb } from './world.ts'

interface Parts {
  readonly facts: ReadonlyMap<string, PluginFacts>
  readonly database: Database
  readonly queue: JobQueue
  readonly emit: Emit
  readonly asking: Asking
  readonly settings: Domain['settings']
  readonly products: Domain['products']
  readonly report: PaymentRequests['report']
  readonly rateOf: Rates['of']
  readonly render: StoreTexts['render']
  readonly log: Log
  readonly signal: AbortSignal
}

/** Makes what a plugin's handlers get: its own tables, its own names, and no other plugin's. */
export function createContextFor(parts: Parts): Domain['contextFor'] {
  return async (plugin) => {
    const facts = parts.facts.get(plugin)
    if (!facts) throw new Error(`${plugin} is not in this distribution`)
    const db = parts.database.db.withSchema(schemaOf(plugin)) as Kysely<Record<string, never>> // its tables are known to the plugin's own types
    const checkNoted = (noun: MetadataNoun, values: Noted) => {
      for (const [key, value] of Object.entries(values)) {
        const schema = facts.metadata?.[noun]?.[key]
        if (!schema) throw new Error(`${plugin} declares no metadata ${noun}.${key}`)
        if (value !== null) checkDeclared(`${plugin}’s metadata ${noun}.${key}`, schema, value)
      }
    }
    const metadataWithin = (trx: CoreDb) => (noun: MetadataNoun, id: string) => ({
      get: () => notesOf(trx, noun, id, plugin),
      async set(values: Noted) {
        checkNoted(noun, values)
        return note(trx, noun, id, plugin, values)
      },
    })
    const jobsWithin = (within: Within | undefined) => ({
      async add(job: string, payload: unknown, options?: SendOptions) {
        const schema = facts.jobs[job]
        if (!schema) throw new Error(`${plugin} declares no job ${job}`)
        checkPlainJson(`the payload of ${plugin}/${job}`, payload)
        checkDeclared(`the payload of ${plugin}/${job}`, schema, payload)
        await parts.queue.send(within, { plugin, job, payload }, options)
      },
    })
    const context = {
      db,
      async tx<R>(run: (tx: object) => Promise<R>): Promise<R> {
        let within: Within | undefined
        const result = await db.transaction().execute((trx) => {
          within = trx
          const coreDb = trx.withSchema('core') as unknown as CoreDb // core's own tables lie there
          return parts.asking.within(coreDb, plugin, () =>
            run({
              db: trx,
              jobs: jobsWithin(trx),
              metadata: metadataWithin(coreDb),
              async emit(event: string, payload: unknown) {
                const schema = facts.emits[event]
                if (!schema) throw new Error(`${plugin} declares no event ${event}`)
                checkDeclared(`the payload of ${plugin}.${event}`, schema, payload)
                await parts.emit(trx, `${plugin}.${event}`, payload)
              },
            }),
          )
        })
        parts.asking.committed(plugin)
        parts.asking.outside(() => parts.queue.nudge(within))
        return result
      },
      jobs: jobsWithin(undefined),
      settings: await parts.settings.of(plugin),
      storeSettings: (storeId: string) => parts.settings.ofStore(plugin, storeId),
      userSettings: (userId: string) => parts.settings.ofUser(plugin, userId),
      core: {
        payments: {
          report: (requestId: string, payments: readonly ReportedPayment[]) =>
            parts.report(plugin, requestId, payments),
        },
        rates: { of: parts.rateOf },
        products: {
          async createMany(
            inputs: readonly ProductInput[],
            options: { readonly metadata?: Noted } = {},
          ) {
            const { metadata } = options
            if (metadata) checkNoted('product', metadata)
            return parts.products.createMany(
              inputs,
              metadata && { namespace: plugin, value: metadata },
            )
          },
        },
      },
      log: logOf(parts.log, plugin),
      render: (name: string, variables: object, store?: { readonly storeId: string }) =>
        parts.render(plugin, name, variables, store?.storeId),
      signal: parts.signal,
    }
    return context as unknown as Context<PluginTypes> // names are checked above; the plugin's own types say which there are
  }
}

const logOf = (log: Log, plugin: string): Log => ({
  info: (message, facts) => log.info(message, { plugin, ...facts }),
  warn: (message, facts) => log.warn(message, { plugin, ...facts }),
  error: (message, facts) => log.error(message, { plugin, ...facts }),
})

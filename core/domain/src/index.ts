import { sql, type Kysely } from 'kysely'
import type { Domain, DomainOptions } from './domain.ts'
import { createCarts } from './carts.ts'
import { createContextFor } from './context.ts'
import { coreFacts } from './core-facts.ts'
import { createDashboard } from './dashboard.ts'
import { createDeliver } from './deliver.ts'
import { createEmit } from './events.ts'
import { createFiles } from './files.ts'
import { createInvoices } from './invoices.ts'
import { createJobQueue } from './jobs.ts'
import { createPaymentMethods } from './payment-methods.ts'
import { createProducts } from './products.ts'
import { keyFor, readSecretKey } from './secret-key.ts'
import { createSessions } from './sessions.ts'
import { checkEnv, createSettings } from './settings.ts'
import { createStores } from './stores.ts'
import type { CoreTables } from './tables.ts'
import { createTokens } from './tokens.ts'
import { createUsers } from './users.ts'
import type { World } from './world.ts'

/**
 * Makes the domain over a database that is migrated; what it can do is in `domain.ts`, a file for each noun lies beside.
 *
 * Refuses with all env variables that do not fit their settings.
 */
export async function createDomain(options: DomainOptions): Promise<Domain> {
  const { database, wiring, distribution, env, dataDir, log } = options
  const facts = new Map(
    [coreFacts(distribution.core), ...wiring.plugins].map((each) => [each.name, each]),
  )
  checkEnv(facts, env)
  const secretKey = readSecretKey(dataDir, env)
  const queue = await createJobQueue(database, log)
  const emit = createEmit(wiring, queue)
  const db = database.db.withSchema('core') as Kysely<CoreTables> // core's own migrations make them
  const world: World = {
    db,
    facts,
    env,
    dataDir,
    log,
    async transaction(run) {
      const result = await db
        .transaction()
        .execute((trx) => run({ db: trx, emit: (event, payload) => emit(trx, event, payload) }))
      queue.nudge()
      return result
    },
  }
  const stopping = new AbortController()
  const settings = createSettings(world, distribution.settings, keyFor(secretKey, 'settings'))
  const methods = createPaymentMethods(settings)
  const files = createFiles(world)
  const products = createProducts(world, files)
  const carts = createCarts(world, methods, settings)
  const invoices = createInvoices(world, methods)
  const contextFor = createContextFor({
    facts,
    database,
    queue,
    emit,
    settings,
    products,
    dataDir,
    log,
    signal: stopping.signal,
  })
  const answers = (question: Promise<unknown>) =>
    question.then(
      () => true,
      () => false,
    )
  let closing: Promise<void> | undefined
  return {
    users: createUsers(world),
    sessions: createSessions(world),
    tokens: createTokens(world),
    stores: createStores(world),
    products,
    files,
    carts,
    invoices,
    paymentMethods: methods.all.map(({ name, title }) => ({ name, title })),
    dashboard: createDashboard(world, methods),
    settings,
    contextFor,
    queue: {
      async work(handlers) {
        const scheduled = handlers.jobs.flatMap(({ plugin, job, every }) =>
          every === undefined ? [] : [{ plugin, job: job.name, every }],
        )
        await queue.work(createDeliver({ handlers, contextFor, log, invoices, db }), [
          ...scheduled,
          { plugin: 'core', job: 'expire-invoices', every: '* * * * *' },
        ])
      },
      drain: queue.drain,
    },
    keyFor: (purpose) => keyFor(secretKey, purpose),
    async health() {
      const [isDatabaseUp, isQueueUp] = await Promise.all([
        answers(sql`select 1`.execute(database.db)),
        answers(sql`select from jobs.version`.execute(database.db)),
      ])
      return { database: isDatabaseUp, queue: isQueueUp }
    },
    close: () =>
      (closing ??= (async () => {
        stopping.abort()
        await queue.close()
      })()),
  }
}

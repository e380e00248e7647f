import { sql, type Kysely } from 'kysely'
import type { Domain, DomainOptions } from './domain.ts'
import { createAsking } from './asked.ts'
import { createAudit } from './audit.ts'
import { cartNotesRules } from './cart-notes.ts'
import { createCarts } from './carts.ts'
import { createCheckout } from './checkout.ts'
import { createContextFor } from './context.ts'
import { coreFacts } from './core-facts.ts'
import { endingWith } from './database.ts'
import { createDashboard } from './dashboard.ts'
import { createDeliver } from './deliver.ts'
import { createEmit } from './events.ts'
import { createFiles } from './files.ts'
import { createHooks } from './hooks.ts'
import { createInvoices } from './invoices.ts'
import { createJobQueue, type Within } from './jobs.ts'
import { createInvoiceNews } from './invoice-news.ts'
import { createInvoiceView } from './invoice-view.ts'
import { channelsOf } from './notice-channels.ts'
import { noticesWithin } from './notice-queue.ts'
import { createNoticeTries } from './notice-tries.ts'
import { createNotices } from './notices.ts'
import { createMembers } from './members.ts'
import { declaredKeys } from './metadata.ts'
import { createParkedJobs } from './parked-jobs.ts'
import { createPaymentAccounts } from './payment-accounts.ts'
import { createPaymentMethods } from './payment-methods.ts'
import { createPaymentRequests } from './payment-requests.ts'
import { createProducts } from './products.ts'
import { createRates } from './rates.ts'
import { keyFor, readSecretKey } from './secret-key.ts'
import { createSessions } from './sessions.ts'
import { checkEnv, createSettings } from './settings.ts'
import { createStoreTexts } from './store-texts.ts'
import { createStores } from './stores.ts'
import type { CoreTables } from './tables.ts'
import { toldWithin } from './told.ts'
import { createTokens } from './tokens.ts'
import { createUsers } from './users.ts'
import { webhooksWithin } from './webhook-queue.ts'
import { createWebhookTries } from './webhook-tries.ts'
import { createWebhooks } from './webhooks.ts'
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
  const news = createInvoiceNews(database, log)
  const emit = createEmit(wiring, queue)
  const hasChannels = wiring.notify.channels.length > 0
  const db = database.db.withSchema('core') as Kysely<CoreTables> // core's own migrations make them
  const asking = createAsking(keyFor(secretKey, 'answers'))
  const world: World = {
    db,
    facts,
    env,
    dataDir,
    log,
    async transaction(run) {
      const changed = new Set<string>()
      let within: Within | undefined
      const result = await db.transaction().execute((trx) => {
        within = trx
        const told = toldWithin(trx)
        const tell = webhooksWithin(queue, trx, told)
        const inform = noticesWithin(queue, trx, told)
        return asking.within(trx, undefined, () =>
          run({
            db: trx,
            async emit(event, payload) {
              await emit(trx, event, payload)
              await tell(event, payload)
              if (hasChannels) await inform(event, payload)
              // Nobody watches an invoice whose id is not out yet.
              if (event === 'invoice.created') return
              if (!('invoiceId' in payload) || changed.has(payload.invoiceId)) return
              changed.add(payload.invoiceId)
              await news.change(trx, payload.invoiceId)
            },
            know: told.know,
            last: (ask) => (asking.writesAfter(undefined) ? ask() : endingWith(ask)),
          }),
        )
      })
      asking.committed(undefined)
      asking.outside(() => {
        queue.nudge(within)
        news.committed([...changed])
      })
      return result
    },
  }
  const stopping = new AbortController()
  const settings = createSettings(world, distribution.settings, keyFor(secretKey, 'settings'))
  const methods = createPaymentMethods(wiring.payments)
  const files = createFiles(world)
  const hooks = createHooks(wiring.hooks, (plugin) => contextFor(plugin), asking)
  const products = createProducts(world, files, hooks)
  const contextFor: Domain['contextFor'] = createContextFor({
    facts,
    database,
    queue,
    emit,
    asking,
    settings,
    products,
    report: (plugin, requestId, payments) => requests.report(plugin, requestId, payments),
    rateOf: (base, quote) => rates.of(base, quote),
    render: (...asked) => texts.render(...asked),
    log,
    signal: stopping.signal,
  })
  const texts = createStoreTexts(world)
  const rates = createRates(world, wiring.rates, { settings, contextFor })
  const accounts = createPaymentAccounts(
    world,
    methods,
    keyFor(secretKey, 'payment accounts'),
    contextFor,
  )
  const requests = createPaymentRequests({ world, methods, accounts, queue, contextFor })
  const view = createInvoiceView(methods, accounts, settings)
  const cartNotes = cartNotesRules(facts)
  const checkout = createCheckout(world, { view, accounts, requests, hooks, cartNotes, settings })
  const invoices: Omit<Domain['invoices'], 'watch'> = createInvoices(world, view, requests)
  const ofWebhooks = { queue, settings, key: keyFor(secretKey, 'webhooks') }
  const tryWebhook = createWebhookTries(world, ofWebhooks)
  const ofNotices = {
    queue,
    channels: channelsOf(wiring.notify, contextFor),
    key: keyFor(secretKey, 'notices'),
  }
  const tryNotice = createNoticeTries(world, { ...ofNotices, view, texts })
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
    stores: createStores(world, { files, settings }),
    members: createMembers(world),
    products,
    metadata: { keys: declaredKeys(facts) },
    files,
    carts: createCarts(world, cartNotes, checkout),
    invoices: { ...invoices, watch: news.watch },
    paymentAccounts: accounts.api,
    rates,
    webhooks: createWebhooks(world, ofWebhooks),
    notices: createNotices(world, ofNotices),
    texts: texts.api,
    audit: createAudit(world),
    jobs: createParkedJobs(world, queue, settings),
    dashboard: createDashboard(world, view),
    settings,
    asked: (asked, run) => asking.asked(db, asked, run),
    contextFor,
    queue: {
      async work(handlers) {
        const scheduled = handlers.jobs.flatMap(({ plugin, job, every }) =>
          every === undefined ? [] : [{ plugin, job: job.name, every }],
        )
        await queue.work(
          createDeliver({
            handlers,
            contextFor,
            log,
            invoices,
            tryWebhook,
            tryNotice,
            queue,
            db,
            stopping: stopping.signal,
          }),
          [
            ...scheduled,
            { plugin: 'core', job: 'expire-invoices', every: '* * * * *' },
            ...(wiring.payments.methods.length > 0
              ? [{ plugin: 'core', job: 'look-for-payments', every: '* * * * *' }]
              : []),
          ],
        )
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
        await news.close()
        await queue.close()
      })()),
  }
}

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defineComponent, type PropType } from 'vue'
import { typeErrors } from '../../../test/support/type-errors.ts'
import { bind, Type, type Generated } from './server.ts'
import { useApi } from './vue.ts'
import { adminFill, methodAccount, methodCheckout, storeFill } from './wiring.ts'

/** As a plugin's own `plugin.gen.ts` states it. */
interface Loyalty {
  name: 'loyalty'
  permission: 'loyalty.view' | 'loyalty.adjust'
  settings: { rate: number }
  storeSettings: { welcome: number }
  userSettings: { digest: boolean }
  jobs: { award: { invoiceId: string } }
  emits: { awarded: { points: number } }
  consumes: { 'ledger.booked': { entry: string } }
  templates: { thanks: { points: number } }
  metadata: { invoice: { points: number } }
  tables: {
    entries: { id: Generated<string>; buyer_email: string; points: number }
    'p_ledger.balances': { buyer_email: string; amount: string }
  }
}
const { route, routes, job, listener, paymentMethod, rateProvider, notifyChannel, command, hook } =
  bind<Loyalty>()
const Points = Type.Object({ points: Type.Integer() })
const Buyer = Type.Object({ email: Type.String() })
const facts = { plugin: 'loyalty', mode: 'append', order: 50 } as const

/** What is right compiles; nothing here runs. */
export function right() {
  const table = routes({
    'GET /buyers/:email/points': route(
      { permission: 'loyalty.view', params: Buyer, returns: Points },
      async ({ params }, { db, settings }) => {
        const row = await db
          .selectFrom('entries')
          .where('buyer_email', '=', params.email)
          .select('points')
          .executeTakeFirst()
        return { points: (row?.points ?? 0) * settings.rate }
      },
    ),
    'POST /told': route(
      { permission: 'public', raw: true, returns: Points },
      async ({ body, headers }) => ({
        points: body.byteLength + (headers['x-signature'] ?? '').length,
      }),
    ),
    'GET /progress': route({ permission: 'loyalty.view', events: Points }, async function* () {
      yield { points: 1 }
    }),
    'POST /rebuild': route(
      { permission: 'users.manage', returns: Points },
      async (_, { tx, render }) => {
        await render('thanks', { points: 1 })
        return tx(async (t) => {
          await t.jobs.add('award', { invoiceId: 'i' })
          await t.emit('awarded', { points: 1 })
          const noted = await t.metadata('invoice', 'i').set({ points: 1 })
          await t.metadata('invoice', 'i').set({ points: null })
          return { points: noted.points ?? 0 }
        })
      },
    ),
  })
  const api = useApi<typeof table>('loyalty')
  const answer: Promise<{ points: number }> = api('GET /buyers/:email/points', {
    params: { email: 'a@example.com' },
  })
  const card = defineComponent({
    props: { product: { type: Object as PropType<{ readonly id: string }>, required: true } },
  })
  const pays = defineComponent({
    props: { request: { type: Object as PropType<{ readonly uri: string }>, required: true } },
  })
  const asks = defineComponent({
    props: {
      values: { type: Object as PropType<Readonly<Record<string, unknown>>>, required: true },
    },
  })
  return [
    answer,
    api('POST /rebuild'),
    job('award', async ({ invoiceId }, { log }) => log.info(invoiceId)),
    listener('invoice.complete', async ({ invoiceId }, { jobs }) =>
      jobs.add('award', { invoiceId }, { key: invoiceId }),
    ),
    listener('ledger.booked', async ({ entry }, { log }) => log.info(entry)),
    storeFill('product.card.after', facts, async () => ({ default: card })),
    paymentMethod({
      account: Type.Object({ purse: Type.String() }),
      preview: async ({ purse }, { currency }) => [{ title: currency, text: purse }],
      demand: async ({ amount, currency }, { purse }) => ({
        amount,
        currency,
        address: purse,
        uri: '',
        qr: '',
        confirmations: 0,
        metadata: {},
      }),
      look: async ({ payments }) => payments,
    }),
    rateProvider({
      rate: async ({ base }, { settings }) =>
        base === 'POINT' ? { rate: String(settings.rate) } : undefined,
    }),
    notifyChannel({
      target: Type.Object({ room: Type.String() }),
      nameOf: ({ room }) => room,
      send: async ({ subject }, { room }, { log }) => log.info(room, { subject }),
    }),
    command(async ({ words, print, db }) => {
      await db.deleteFrom('entries').execute()
      await db.updateTable('entries as e').set({ points: 0 }).where('e.points', '<', 0).execute()
      await db.insertInto('entries').values({ buyer_email: 'a@example.com', points: 1 }).execute()
      const balances = await db.selectFrom('p_ledger.balances').select('amount').execute()
      print([...words, ...balances.map(({ amount }) => amount)].join(' '))
    }),
    hook('checkout.starting', async (order, { cart }, { settings, storeSettings }) =>
      Number(cart.total) > settings.rate * (await storeSettings(cart.storeId)).welcome
        ? order
        : { ...order, method: 'loyalty.points' },
    ),
    methodCheckout('loyalty', 'loyalty.points', async () => ({ default: pays })),
    methodAccount('loyalty', 'loyalty.points', async () => ({ default: asks })),
  ]
}

/** Each mistake is refused where it stands. */
export function wrong(table: ReturnType<typeof right>) {
  const fine = routes({
    'GET /': route({ permission: 'public', params: Buyer, returns: Points }, async () => ({
      points: 1,
    })),
  })
  const api = useApi<typeof fine>('loyalty')
  const asksForInvoice = defineComponent({ props: { invoice: { type: Object, required: true } } })
  const asksForAccount = defineComponent({ props: { account: { type: Object, required: true } } })
  const asksForText = defineComponent({ props: { product: { type: String, required: true } } })
  return [
    table,
    routes({
      // @ts-expect-error a route's key is a method, one space and a path
      'FETCH /points': route({ permission: 'public', returns: Points }, async () => ({
        points: 1,
      })),
    }),
    // @ts-expect-error the permission is neither the plugin's own nor core's
    route({ permission: 'loyalty.delete', returns: Points }, async () => ({ points: 1 })),
    // @ts-expect-error the handler answers with what its shape does not return
    route({ permission: 'public', returns: Points }, async () => ({ points: 'many' })),
    // @ts-expect-error the shape declares no body
    route({ permission: 'public', returns: Points }, async ({ body }) => ({ points: body.points })),
    route({ permission: 'public', returns: Points }, async ({ headers }) => ({
      // @ts-expect-error the headers are those of a raw route alone
      points: headers.length,
    })),
    // @ts-expect-error a stream yields what its shape names
    route({ permission: 'public', events: Points }, async function* () {
      yield { points: 'many' }
    }),
    // @ts-expect-error the manifest declares no job of this name
    job('expire', async () => {}),
    // @ts-expect-error core emits no such event and the plugin consumes none
    listener('invoice.forgotten', async () => {}),
    job('award', async (_, context) => {
      // @ts-expect-error no job of this name can be queued
      await context.jobs.add('expire', {})
      // @ts-expect-error the job's payload names an invoice
      await context.jobs.add('award', { invoice: 'i' })
      await context.tx(async (t) => {
        // @ts-expect-error the manifest emits no event of this name
        await t.emit('spent', { points: 1 })
        // @ts-expect-error the event's payload holds a number
        await t.emit('awarded', { points: 'many' })
      })
      // @ts-expect-error the table has no such column
      await context.db.selectFrom('entries').select('price').execute()
      // @ts-expect-error the plugin has no such table
      await context.db.selectFrom('invoices').selectAll().execute()
      // @ts-expect-error the manifest declares no such setting
      context.log.info(String(context.settings.speed))
      // @ts-expect-error each store has its own value of this setting
      context.log.info(String(context.settings.welcome))
      // @ts-expect-error each user has its own value of this setting
      context.log.info(String((await context.storeSettings('s')).digest))
      // @ts-expect-error the manifest declares no such setting of a user
      context.log.info(String((await context.userSettings('u')).rate))
      // @ts-expect-error the plugin notes nothing about products
      await context.core.products.createMany([], { metadata: { points: 1 } })
      await context.tx(async (t) => {
        // @ts-expect-error the plugin notes nothing about products
        await t.metadata('product', 'p').set({ points: 1 })
        // @ts-expect-error the manifest declares no such key
        await t.metadata('invoice', 'i').set({ stars: 1 })
        // @ts-expect-error what is noted is a number
        await t.metadata('invoice', 'i').set({ points: 'many' })
      })
      // @ts-expect-error the template shows a number
      await context.render('thanks', { points: 'many' })
    }),
    // @ts-expect-error the slot gives a product and no invoice
    storeFill('product.card.after', facts, async () => ({ default: asksForInvoice })),
    // @ts-expect-error the slot's product is not a text
    adminFill('product.details.side', facts, async () => ({ default: asksForText })),
    // @ts-expect-error the store has no such slot
    storeFill('product.card.before', facts, async () => ({ default: asksForText })),
    // @ts-expect-error a checkout is given no account
    methodCheckout('loyalty', 'loyalty.points', async () => ({ default: asksForAccount })),
    // @ts-expect-error an account's form is given no invoice
    methodAccount('loyalty', 'loyalty.points', async () => ({ default: asksForInvoice })),
    paymentMethod({
      account: Type.Object({ purse: Type.String() }),
      // @ts-expect-error the account has no such field
      preview: async ({ pocket }) => [{ title: 'Pocket', text: pocket }],
      // @ts-expect-error a demand says how much
      demand: async (_, { purse }) => ({ address: purse }),
    }),
    rateProvider({
      // @ts-expect-error a rate is an exact text, and no float
      rate: async () => ({ rate: 0.1 }),
    }),
    notifyChannel({
      target: Type.Object({ room: Type.String() }),
      // @ts-expect-error the target has no such field
      nameOf: ({ place }) => place,
      send: async () => {},
    }),
    // @ts-expect-error a line is a text
    command(async ({ print }) => print(1)),
    command(async ({ db, tx }) => {
      // @ts-expect-error what another plugin publishes is there to be read
      await db.insertInto('p_ledger.balances').values({ amount: '1' }).execute()
      // @ts-expect-error so are the views of core
      await db.updateTable('core_v1.products as p').set({ name: '' }).execute()
      // @ts-expect-error in a transaction as well
      await tx((t) => t.db.deleteFrom('p_ledger.balances').execute())
    }),
    // @ts-expect-error core has no such hook
    hook('checkout.ending', async (value) => value),
    // @ts-expect-error an e-mail address is a text
    hook('checkout.starting', async (order) => ({ ...order, email: 1 })),
    // @ts-expect-error the plugin has no such route
    api('GET /points'),
    // @ts-expect-error the route's parameter has another name
    api('GET /', { params: { buyer: 'a@example.com' } }),
    // @ts-expect-error the route needs its parameters
    api('GET /'),
  ]
}

test('what is right compiles, and each mistake of an author is refused on its own line', async () => {
  expect(await typeErrors(join(import.meta.dirname, '..'))).toBe('')
})

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  bind,
  HttpError,
  Type,
  type Context,
  type PluginTypes,
  type ReportedPayment,
} from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import type { Domain } from './domain.ts'
import { createDomain } from './index.ts'
import { databases, silent, type TestDatabase } from './test-support.ts'

/** A mint of play coins: one dollar is a hundred of them, and the test says what its server knows. */
const mint = {
  isDown: false,
  made: [] as string[],
  known: new Map<string, readonly ReportedPayment[]>(),
}
const coins = bind<PluginTypes>().paymentMethod({
  account: Type.Object(
    {
      purse: Type.String({ title: 'Purse', minLength: 3 }),
      depth: Type.Integer({ title: 'Depth', default: 3 }),
      token: Type.Optional(Type.String({ title: 'Token', writeOnly: true })),
    },
    { additionalProperties: false },
  ),
  async preview({ purse, token }, { currency }) {
    if (purse === 'empty')
      throw new HttpError(422, 'purse: is empty', [{ field: 'purse', says: 'is empty' }])
    return [{ title: 'Takes', text: `${currency} in ${purse}${token ? ' with a token' : ''}` }]
  },
  async demand({ requestId, amount, currency }, { purse }) {
    if (mint.isDown) throw new HttpError(503, 'The mint is closed.')
    mint.made.push(requestId)
    return {
      amount: String(Number(amount) * 100), // whole dollars in these tests
      currency: 'COIN',
      address: `${purse}-${mint.made.length}`,
      uri: `coin:${purse}?from=${currency}`,
      qr: 'QR',
      confirmations: 2,
      rate: { rate: '0.01', provider: 'The mint', at: '2026-01-01T00:00:00.000Z' },
      metadata: {},
    }
  },
  async look({ requestId }) {
    if (mint.isDown) throw new Error('The mint is closed.')
    return mint.known.get(requestId) ?? []
  },
})

describe.each(databases)('on $name', { timeout: 60_000 }, ({ openMigrated }) => {
  let at: TestDatabase
  let domain: Domain
  let storeId = ''
  let plugin: Context<PluginTypes>
  const heard: unknown[][] = []
  const events = [
    'payment.recorded',
    'payment.changed',
    'invoice.paid',
    'invoice.confirmed',
    'invoice.complete',
    'invoice.expired',
    'invoice.invalid',
    'invoice.exception',
  ]
  const listeners = events.map((event) => ({
    plugin: 'mint',
    listener: {
      event,
      run: async ({ status, exceptionStatus = status }: Record<string, unknown>) =>
        void heard.push([event, exceptionStatus]),
    },
  }))
  const wiring: ServerWiring = {
    plugins: [
      {
        name: 'mint',
        version: '1.0.0',
        title: 'Mint',
        permissions: {},
        settings: {},
        templates: {},
        jobs: {},
        emits: {},
      },
    ],
    api: { routes: [] },
    worker: { jobs: [], listeners },
    payments: { methods: [{ plugin: 'mint', name: 'coins', title: 'Coins', method: coins }] },
    rates: { providers: [] },
    notify: { channels: [] },
    commands: { commands: [] },
    hooks: { hooks: [] },
  }

  beforeAll(async () => {
    at = await openMigrated()
    domain = await createDomain({
      database: at.database,
      wiring,
      distribution: {
        format: 1,
        name: 'test',
        core: '1.0.0',
        node: '24.21.0',
        digest: 'sha256-test',
        plugins: [],
        migrations: [],
        services: [],
        deployment: { host: 'localhost', mode: 'one-domain', database: 'embedded', proxy: 'none' },
        settings: {},
      },
      env: {},
      dataDir: at.dataDir,
      log: silent,
    })
    plugin = await domain.contextFor('mint')
    await domain.users.create({
      email: 'owner@example.com',
      name: 'Owner',
      password: 'correct horse',
      permissions: [],
    })
    storeId = (await domain.stores.list())[0]?.id ?? ''
    await domain.queue.work({ jobs: [], listeners })
    await domain.paymentAccounts.set(storeId, 'mint.coins', { values: { purse: 'leather' } })
  }, 120_000)
  beforeEach(() => {
    Object.assign(mint, { isDown: false, made: [], known: new Map() })
    heard.length = 0
  })
  afterAll(async () => {
    await domain?.close()
    await at?.close()
  }, 60_000)

  /** Somebody orders a jar for ten dollars, or a thousand coins. */
  const order = async (stock: number | null = null, method = 'mint.coins') => {
    const jar = await domain.products.create({ name: 'Jar', price: '10', stock })
    const cart = await domain.carts.create()
    await domain.carts.setItem(cart.id, jar.id, 1)
    const invoice = await domain.carts.checkout(cart.id, { email: 'a@example.com', method })
    return { invoice, jar, requestId: invoice.payment.request?.id ?? '' }
  }
  const payment = (amount: string, confirmations = 0, more: Partial<ReportedPayment> = {}) => ({
    reference: `tx-${amount}-${mint.made.at(-1)}`,
    amount,
    confirmations,
    ...more,
  })
  const stateOf = async (id: string) => {
    const {
      status,
      exceptionStatus,
      paidAmount,
      payments,
      payment: way,
    } = await domain.invoices.get(id)
    return [
      status,
      exceptionStatus,
      paidAmount,
      payments.map((each) => `${each.amount} ${each.status}${each.isLate ? ' late' : ''}`),
      way.request?.open,
    ]
  }
  const heardOnce = async () => {
    await domain.queue.drain()
    return heard.map((each) => each.join(' ')).toSorted()
  }
  const runSql = (text: string) => sql.raw(text).execute(at.database.db)
  /** Lets the worker look, whatever time it is. */
  const look = async () => {
    await runSql(
      'update core.payment_requests set next_look_at = now() where next_look_at is not null',
    )
    await domain.invoices.lookForPayments()
  }
  const refusal = (run: Promise<unknown>) =>
    run.then(
      () => 'nothing was refused',
      (error: HttpError) => [error.status, error.message, error.errors],
    )

  test('an order by a method of a plugin says where, how much, and what else there is', async () => {
    const { invoice, requestId } = await order()
    expect(invoice.payment).toEqual({
      method: 'mint.coins',
      title: 'Coins',
      instructions: '',
      request: {
        id: requestId,
        method: 'mint.coins',
        amount: '1000.00000000',
        paid: '0.00000000',
        open: '1000.00000000',
        currency: 'COIN',
        address: 'leather-1',
        uri: 'coin:leather?from=USD',
        qr: 'QR',
        confirmations: 2,
        rate: { rate: '0.01', provider: 'The mint', at: '2026-01-01T00:00:00.000Z' },
        metadata: {},
        createdAt: expect.any(String),
      },
      choices: [
        { name: 'mint.coins', title: 'Coins' },
        { name: 'manual', title: 'Manual payment' },
      ],
    })
    const byHand = await domain.invoices.choosePayment(invoice.id, 'manual')
    expect([byHand.payment.method, byHand.payment.request]).toEqual(['manual', null])
    const back = await domain.invoices.choosePayment(invoice.id, 'mint.coins')
    expect([back.payment.request, mint.made]).toEqual([invoice.payment.request, [requestId]])
  })

  test('one payment reported a hundred times at once is counted once, and told of once', async () => {
    const { invoice, requestId } = await order()
    await Promise.all(
      Array.from({ length: 100 }, () => plugin.core.payments.report(requestId, [payment('1000')])),
    )
    expect(await stateOf(invoice.id)).toEqual([
      'paid',
      'none',
      '10.00',
      ['1000.00000000 seen'],
      '0.00000000',
    ])
    expect(await heardOnce()).toEqual(['invoice.paid paid', 'payment.recorded seen'])
  })

  test('an invoice is found by where it is paid to, and by what came there', async () => {
    const { invoice, requestId } = await order()
    const { invoice: other, requestId: otherRequest } = await order()
    const address = `lnbc${'Q'.repeat(300)}`
    await runSql(
      `update core.payment_requests set address = '${address}' where id = '${requestId}'`,
    )
    await plugin.core.payments.report(otherRequest, [
      payment('1000', 0, { reference: 'Beef_4e1f9c07a:1' }),
    ])
    const found = async (search: string, stores: 'all' | readonly string[] = 'all') =>
      (await domain.invoices.list({ in: stores, search, limit: 9 })).items.map(({ id }) => id)
    expect({
      address: await found(address),
      shouted: await found(` ${address.toUpperCase()} `),
      beginning: await found(address.slice(0, 8)),
      tooShort: await found(address.slice(0, 7)),
      another: await found(`${address.slice(0, 100)}x`),
      reference: await found('beef_4e1f9c07a'),
      wildcard: await found('beef%4e1f9c07a'),
      ofAnotherStore: await found(address, [`not ${storeId}`]),
    }).toEqual({
      address: [invoice.id],
      shouted: [invoice.id],
      beginning: [invoice.id],
      tooShort: [],
      another: [],
      reference: [other.id],
      wildcard: [],
      ofAnotherStore: [],
    })
    await domain.queue.drain()
  })

  test('the worker looks: part, the rest, confirmations, and too much are each told once', async () => {
    const { invoice, requestId } = await order()
    const part = payment('400')
    mint.known.set(requestId, [part])
    await look()
    expect(await stateOf(invoice.id)).toEqual([
      'pending',
      'paid_partial',
      '4.00',
      ['400.00000000 seen'],
      '600.00000000',
    ])
    mint.known.set(requestId, [{ ...part, confirmations: 1 }, payment('600', 1)])
    await look()
    expect((await stateOf(invoice.id)).slice(0, 2)).toEqual(['confirmed', 'none'])
    // A server that lags forgets; what is known stays.
    mint.known.set(requestId, [])
    await look()
    mint.known.set(requestId, [{ ...part, confirmations: 2 }, payment('600', 2), payment('1', 2)])
    await look()
    await look()
    expect(await stateOf(invoice.id)).toEqual([
      'complete',
      'paid_over',
      '10.01',
      ['400.00000000 settled', '600.00000000 settled', '1.00000000 settled'],
      '0.00000000',
    ])
    expect(await heardOnce()).toEqual([
      'invoice.complete complete',
      'invoice.confirmed confirmed',
      'invoice.exception none',
      'invoice.exception paid_over',
      'invoice.exception paid_partial',
      'invoice.paid paid',
      'payment.changed confirmed',
      'payment.changed settled',
      'payment.changed settled',
      'payment.recorded confirmed',
      'payment.recorded seen',
      'payment.recorded settled',
    ])
  })

  test('a store takes a little less for paid, as it was set when the invoice was made, and says how much', async () => {
    const allow = (value: number | null) =>
      domain.settings.setOfStore(storeId, 'core', 'underpaidPercent', value)
    const differenceOf = async (id: string) => {
      const { missingAmount, excessAmount } = await domain.invoices.get(id)
      return [...(await stateOf(id)).slice(0, 3), missingAmount, excessAmount]
    }
    const strict = await order()
    await allow(0.5)
    const { invoice, requestId } = await order()
    await allow(null)
    expect(await refusal(allow(50.01))).toEqual([
      422,
      'underpaidPercent: must be at most 50',
      [{ field: 'underpaidPercent', says: 'must be at most 50' }],
    ])
    for (const each of [strict.requestId, requestId])
      await plugin.core.payments.report(each, [
        payment('994.99999999', 2, { reference: `part of ${each}` }),
      ])
    expect(await differenceOf(invoice.id)).toEqual([
      'pending',
      'paid_partial',
      '9.94',
      '0.06',
      '0.00',
    ])
    await heardOnce()
    heard.length = 0
    for (const each of [strict.requestId, requestId])
      await plugin.core.payments.report(each, [
        payment('0.00000001', 2, { reference: `a last unit of ${each}` }),
      ])
    expect([await differenceOf(strict.invoice.id), await differenceOf(invoice.id)]).toEqual([
      ['pending', 'paid_partial', '9.95', '0.05', '0.00'],
      ['complete', 'paid_under', '9.95', '0.05', '0.00'],
    ])
    expect(await heardOnce()).toEqual([
      'invoice.complete complete',
      'invoice.confirmed confirmed',
      'invoice.exception paid_under',
      'invoice.paid paid',
      'payment.recorded settled',
      'payment.recorded settled',
    ])
    heard.length = 0
    await plugin.core.payments.report(requestId, [payment('6', 2)])
    expect(await differenceOf(invoice.id)).toEqual([
      'complete',
      'paid_over',
      '10.01',
      '0.00',
      '0.01',
    ])
    expect(await heardOnce()).toEqual(['invoice.exception paid_over', 'payment.recorded settled'])
  })

  test('a payment that fails takes the invoice with it, and gives the stock back', async () => {
    const { invoice, jar, requestId } = await order(1)
    await plugin.core.payments.report(requestId, [payment('1000', 1)])
    await plugin.core.payments.report(requestId, [payment('1000', 0, { isFailed: true })])
    expect(await stateOf(invoice.id)).toEqual([
      'invalid',
      'failed_confirm',
      '0.00',
      ['1000.00000000 failed'],
      '1000.00000000',
    ])
    expect((await domain.products.get(jar.id, 'all')).stock).toBe(1)
    expect(await refusal(domain.invoices.markPaid(invoice.id))).toEqual([
      409,
      `Invoice ${invoice.number} is invalid: it cannot become paid.`,
      undefined,
    ])
  })

  test('confirmations may shrink: a payment goes back, its invoice stays where it was', async () => {
    const { invoice, requestId } = await order()
    await plugin.core.payments.report(requestId, [payment('1000', 1)])
    await plugin.core.payments.report(requestId, [payment('1000', 0)])
    expect((await stateOf(invoice.id)).slice(0, 4)).toEqual([
      'confirmed',
      'none',
      '10.00',
      ['1000.00000000 seen'],
    ])
  })

  test('what comes late waits for the merchant, who takes it while there is stock, or refunds it', async () => {
    const { invoice, jar, requestId } = await order(1)
    await runSql(
      `update core.invoices set expires_at = now() - interval '1 second' where id = '${invoice.id}'`,
    )
    // Nobody has looked since: what came in time may not be known yet.
    expect(await domain.invoices.expireDue()).toBe(0)
    await look()
    expect(await domain.invoices.expireDue()).toBe(1)
    mint.known.set(requestId, [payment('1000', 2)])
    await look()
    expect(await stateOf(invoice.id)).toEqual([
      'expired',
      'paid_late',
      '10.00',
      ['1000.00000000 settled late'],
      '0.00000000',
    ])
    await domain.products.update(jar.id, { stock: 0 })
    expect(await refusal(domain.invoices.markPaid(invoice.id))).toEqual([
      409,
      'Jar is sold out by now. Refund the payment, or add to the stock first.',
      undefined,
    ])
    await domain.products.update(jar.id, { stock: 5 })
    expect(await domain.invoices.markPaid(invoice.id)).toMatchObject({
      status: 'complete',
      exceptionStatus: 'paid_late',
      payments: [{ method: 'mint.coins', isLate: true }],
    })
    expect((await domain.products.get(jar.id, 'all')).stock).toBe(4)

    const other = await order(1)
    await domain.invoices.invalidate(other.invoice.id)
    await plugin.core.payments.report(other.requestId, [payment('10')])
    expect(await domain.invoices.refund(other.invoice.id)).toMatchObject({ status: 'refunded' })
  })

  test('the merchant adds by hand what is missing', async () => {
    const { invoice, requestId } = await order()
    await plugin.core.payments.report(requestId, [payment('333', 2)])
    expect(await domain.invoices.markPaid(invoice.id)).toMatchObject({
      status: 'complete',
      exceptionStatus: 'none',
      paidAmount: '10.00',
      payments: [{ amount: '333.00000000' }, { method: 'manual', amount: '6.67', currency: 'USD' }],
    })
  })

  test('a method that fails costs no order: the buyer chooses again, and the merchant sees why', async () => {
    mint.isDown = true
    const { invoice } = await order()
    expect(invoice.payment).toMatchObject({ method: 'mint.coins', request: null })
    expect(await refusal(domain.invoices.choosePayment(invoice.id, 'mint.coins'))).toEqual([
      409,
      'Coins cannot be used for this invoice right now. Choose another way to pay, or try again later.',
      undefined,
    ])
    const failureOf = async () => (await domain.paymentAccounts.list(storeId))[0]?.failure
    expect(await failureOf()).toEqual({ says: 'The mint is closed.', at: expect.any(String) })
    mint.isDown = false
    const again = await domain.invoices.choosePayment(invoice.id, 'mint.coins')
    expect(again.payment.request?.address).toBe('leather-1')
    mint.isDown = true
    await look()
    expect(await failureOf()).toMatchObject({ says: 'The mint is closed.' })
    mint.isDown = false
    await look()
    expect(await failureOf()).toBeNull()
  })

  test('an account is checked, previewed, kept without showing its secrets, and switched off', async () => {
    const { paymentAccounts: accounts } = domain
    const other = await domain.stores.create({ name: 'Other', currency: 'EUR' })
    expect(await accounts.offered(other.id)).toEqual([{ name: 'manual', title: 'Manual payment' }])
    expect(await refusal(accounts.set(other.id, 'mint.coins', { isEnabled: true }))).toEqual([
      409,
      'Fill in the account of Coins first.',
      undefined,
    ])
    expect(
      await refusal(accounts.preview(other.id, 'mint.coins', { purse: 'x', coat: 'red' })),
    ).toMatchObject([422, expect.any(String), [{ field: 'coat' }, { field: 'purse' }]])
    expect(await refusal(accounts.preview(other.id, 'mint.coins', { purse: '' }))).toEqual([
      422,
      'Purse: must be filled in',
      [{ field: 'purse', says: 'must be filled in' }],
    ])
    expect(
      await refusal(accounts.set(other.id, 'mint.coins', { values: { purse: 'empty' } })),
    ).toEqual([422, 'purse: is empty', [{ field: 'purse', says: 'is empty' }]])
    await accounts.set(other.id, 'mint.coins', { values: { purse: 'silk', token: 'open-sesame' } })
    expect(await accounts.preview(other.id, 'mint.coins', { purse: 'wool', token: '' })).toEqual([
      { title: 'Takes', text: 'EUR in wool with a token' },
    ])
    const [shown] = await accounts.set(other.id, 'mint.coins', { isEnabled: false })
    expect(shown).toEqual({
      method: 'mint.coins',
      title: 'Coins',
      isEnabled: false,
      isSet: true,
      schema: JSON.parse(JSON.stringify(coins.account)),
      values: { purse: 'silk', depth: 3 },
      failure: null,
    })
    const stored = await sql<{ sealed: string }>`select sealed from core.payment_accounts`.execute(
      at.database.db,
    )
    expect(stored.rows.map(({ sealed }) => sealed.slice(0, 3))).toEqual(['v1:', 'v1:'])
    await accounts.set(other.id, 'manual', { isEnabled: false })
    expect(await accounts.offered(other.id)).toEqual([])
  })

  test('a plugin reports what is its own, in amounts that are exact', async () => {
    const { requestId } = await order()
    expect(await refusal(plugin.core.payments.report('no-such', []))).toEqual([
      404,
      'There is no such payment request.',
      undefined,
    ])
    await expect(plugin.core.payments.report(requestId, [payment('1e3')])).rejects.toThrow(
      'mint.coins reports the amount 1e3: it must be an exact decimal text',
    )
    const twice = { ...payment('1'), reference: 'the-same' }
    await plugin.core.payments.report(requestId, [twice])
    await expect(plugin.core.payments.report((await order()).requestId, [twice])).rejects.toThrow(
      'mint.coins gives payment the-same to two invoices',
    )
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ProductSort } from '@bitcartcc/sdk/resources'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import type { Context, PluginTypes } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import type { Domain } from './domain.ts'
import { createDomain } from './index.ts'
import { databases, planWith, silent, type TestDatabase } from './test-support.ts'

interface Ledger extends PluginTypes {
  jobs: { write: { text: string } }
  emits: { booked: { text: string } }
  templates: { thanks: { name: string } }
  settings: { apiKey?: string; minimum: number; label?: string }
  tables: { lines: { text: string } }
}

describe.each(databases)('on $name', { timeout: 60_000 }, ({ openMigrated }) => {
  let at: TestDatabase
  let domain: Domain
  let ledger: Context<Ledger>
  /** What reached the plugin, in order. */
  const heard: unknown[] = []
  let failures = 0
  let reason = 'not yet'

  const jobs = [
    {
      plugin: 'ledger',
      job: {
        name: 'write',
        run: async (payload: { text: string }, context: Context<Ledger>) => {
          if (failures > 0) {
            failures--
            throw new Error(reason)
          }
          heard.push(['write', payload.text])
          await context.tx((tx) => tx.emit('booked', { text: payload.text }))
        },
      },
      every: '0 4 * * *',
    },
  ]
  const listeners = [
    'invoice.created',
    'invoice.paid',
    'invoice.confirmed',
    'invoice.complete',
    'invoice.expired',
    'ledger.booked',
  ].map((event) => ({
    plugin: 'ledger',
    listener: { event, run: async (payload: object) => void heard.push([event, payload]) },
  }))
  const wiring: ServerWiring = {
    plugins: [
      {
        name: 'ledger',
        version: '1.0.0',
        title: 'Ledger',
        permissions: { 'ledger.view': 'See the ledger' },
        settings: {
          apiKey: { type: 'string', title: 'Key', secret: true },
          minimum: { type: 'integer', title: 'Minimum', default: 1, minimum: 1, maximum: 9 },
          label: { type: 'string', title: 'Label' },
        },
        templates: {
          thanks: {
            text: 'Thank you, {{name}} & friends.',
            variables: {
              type: 'object',
              required: ['name'],
              properties: { name: { type: 'string' } },
            },
          },
        },
        jobs: {
          write: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
        },
        emits: { booked: { type: 'object' } },
      },
    ],
    api: { routes: [] },
    worker: { jobs, listeners },
    payments: { methods: [] },
    rates: { providers: [] },
    notify: { channels: [] },
    commands: { commands: [] },
    hooks: { hooks: [] },
  }
  const distribution = {
    format: 1 as const,
    name: 'test',
    core: '1.0.0',
    node: '24.21.0',
    digest: 'sha256-test',
    plugins: [],
    migrations: [],
    services: [],
    deployment: { host: 'localhost', mode: 'one-domain', database: 'embedded', proxy: 'none' },
    settings: { ledger: { minimum: 2 } },
  }
  const env: Record<string, string | undefined> = {}
  const makeDomain = () =>
    createDomain({
      database: at.database,
      wiring,
      distribution,
      env,
      dataDir: at.dataDir,
      log: silent,
    })

  beforeAll(async () => {
    at = await openMigrated(
      planWith('ledger', { '0001_lines': 'create table lines (text text not null);\n' }),
    )
    domain = await makeDomain()
    ledger = (await domain.contextFor('ledger')) as unknown as Context<Ledger> // the wiring above
    await domain.users.create({
      email: 'Owner@Example.com',
      name: 'Owner',
      password: 'correct horse',
      permissions: [],
    })
    await domain.queue.work({ jobs, listeners })
  }, 120_000)
  beforeEach(() => {
    heard.length = 0
  })
  afterAll(async () => {
    await domain?.close()
    await at?.close()
  }, 60_000)

  const cartWith = async (productId: string, quantity: number) => {
    const { id } = await domain.carts.create()
    return domain.carts.setItem(id, productId, quantity)
  }
  const stockOf = async (id: string) => (await domain.products.get(id, 'all')).stock
  const makeDue = (invoiceId: string) =>
    sql`update core.invoices set expires_at = now() - interval '1 second' where id = ${invoiceId}`.execute(
      at.database.db,
    )
  const statusOf = (run: Promise<unknown>) =>
    run.then(
      () => 200,
      (error: { status?: number; message: string }) => [error.status, error.message],
    )

  test('a sale goes from cart to complete, and a listener hears of each state', async () => {
    const tea = await domain.products.create({ name: 'Tea', price: '21.5', stock: 3 })
    const cart = await cartWith(tea.id, 2)
    expect(cart).toEqual({
      id: cart.id,
      storeId: tea.storeId,
      items: [
        {
          productId: tea.id,
          name: 'Tea',
          imageUrl: null,
          quantity: 2,
          price: '21.50',
          total: '43.00',
          available: 3,
        },
      ],
      total: '43.00',
      currency: 'USD',
      metadata: {},
    })
    const invoice = await domain.carts.checkout(cart.id, { email: 'Buyer@Example.com' })
    expect(await domain.invoices.get(invoice.id)).toEqual(invoice)
    expect(invoice).toMatchObject({
      number: 1,
      status: 'pending',
      amount: '43.00',
      buyerEmail: 'buyer@example.com',
      paidAt: null,
      payment: { method: 'manual', title: 'Manual payment', instructions: '' },
    })
    expect(await stockOf(tea.id)).toBe(1)
    expect((await domain.carts.get(cart.id)).items).toEqual([])

    expect(await domain.invoices.markPaid(invoice.id)).toMatchObject({
      status: 'complete',
      exceptionStatus: 'none',
      paidAmount: '43.00',
      paidAt: expect.any(String),
      payments: [
        {
          method: 'manual',
          title: 'Manual payment',
          reference: invoice.id,
          amount: '43.00',
          currency: 'USD',
          status: 'settled',
          isLate: false,
        },
      ],
    })
    expect(await statusOf(domain.invoices.markPaid(invoice.id))).toEqual([
      409,
      'Invoice 1 is complete: it cannot become paid.',
    ])
    await domain.queue.drain()
    const states = [
      ['invoice.created', 'pending'],
      ['invoice.paid', 'paid'],
      ['invoice.confirmed', 'confirmed'],
      ['invoice.complete', 'complete'],
    ] as const
    const expected = states.map(([event, status]) => [
      event,
      { invoiceId: invoice.id, storeId: tea.storeId, status },
    ])
    expect(heard).toHaveLength(expected.length)
    expect(heard).toEqual(expect.arrayContaining(expected))

    expect(await statusOf(domain.invoices.invalidate(invoice.id))).toEqual([
      409,
      'Invoice 1 is complete: it cannot become invalid.',
    ])
    expect(await domain.invoices.refund(invoice.id)).toMatchObject({ status: 'refunded' })
  })

  test('no more is sold than there is, however many buy at once', async () => {
    const vase = await domain.products.create({ name: 'Vase', price: '9', stock: 3 })
    const carts = await Promise.all(Array.from({ length: 10 }, () => cartWith(vase.id, 1)))
    const answers = await Promise.all(
      carts.map((cart) => statusOf(domain.carts.checkout(cart.id, { email: 'a@example.com' }))),
    )
    expect(answers.filter((answer) => answer === 200)).toHaveLength(3)
    expect(new Set(answers.filter((answer) => answer !== 200).map(String))).toEqual(
      new Set(['409,Vase is sold out.']),
    )
    expect(await stockOf(vase.id)).toBe(0)
  })

  test('one key makes one invoice, also at once', async () => {
    const mug = await domain.products.create({ name: 'Mug', price: '5', stock: 5 })
    const cart = await cartWith(mug.id, 2)
    const checkoutOnce = (key: string) =>
      domain.asked({ once: { asker: cart.id, key, fingerprint: 'two mugs' } }, () =>
        domain.carts.checkout(cart.id, { email: 'a@example.com' }),
      )
    const invoices = await Promise.all([1, 2, 3].map(() => checkoutOnce('key-1')))
    expect(new Set(invoices.map((invoice) => invoice.id)).size).toBe(1)
    expect(await stockOf(mug.id)).toBe(3)
    expect(await statusOf(checkoutOnce('key-2'))).toEqual([409, 'The cart is empty.'])
  })

  test('an invoice that expires, or is marked invalid, gives its stock back once', async () => {
    const pot = await domain.products.create({ name: 'Pot', price: '30', stock: 4 })
    const first = await domain.carts.checkout((await cartWith(pot.id, 2)).id, {
      email: 'a@example.com',
    })
    const second = await domain.carts.checkout((await cartWith(pot.id, 1)).id, {
      email: 'a@example.com',
    })
    expect(await stockOf(pot.id)).toBe(1)
    await makeDue(first.id)
    expect([await domain.invoices.expireDue(), await domain.invoices.expireDue()]).toEqual([1, 0])
    expect(await stockOf(pot.id)).toBe(3)
    await domain.invoices.invalidate(second.id)
    expect(await stockOf(pot.id)).toBe(4)
    expect(await statusOf(domain.invoices.markPaid(first.id))).toEqual([
      409,
      `Invoice ${first.number} is expired: it cannot become paid.`,
    ])
    await domain.queue.drain()
    expect(heard).toContainEqual([
      'invoice.expired',
      { invoiceId: first.id, storeId: pot.storeId, status: 'expired' },
    ])
  })

  test('what a transaction writes, queues and emits happens together or not at all', async () => {
    const failed = ledger.tx(async (tx) => {
      await tx.db.insertInto('lines').values({ text: 'lost' }).execute()
      await tx.jobs.add('write', { text: 'lost' })
      await tx.emit('booked', { text: 'lost' })
      throw new Error('undone')
    })
    await expect(failed).rejects.toThrow('undone')
    await ledger.tx(async (tx) => {
      await tx.db.insertInto('lines').values({ text: 'kept' }).execute()
      await tx.jobs.add('write', { text: 'kept' })
    })
    await domain.queue.drain()
    expect(await ledger.db.selectFrom('lines').selectAll().execute()).toEqual([{ text: 'kept' }])
    expect(heard).toEqual([
      ['write', 'kept'],
      ['ledger.booked', { text: 'kept' }],
    ])
  })

  test('a job that fails is tried again; one key keeps one queued job, and keyless ones do not collapse', async () => {
    failures = 1
    await ledger.jobs.add('write', { text: 'again' })
    await domain.queue.drain()
    expect(heard).toEqual([
      ['write', 'again'],
      ['ledger.booked', { text: 'again' }],
    ])
    heard.length = 0
    await ledger.tx(async (tx) => {
      for (const text of ['a', 'b']) await tx.jobs.add('write', { text })
      for (const text of ['c', 'd']) await tx.jobs.add('write', { text }, { key: 'one' })
    })
    await domain.queue.drain()
    const written = heard
      .filter((each) => Array.isArray(each) && each[0] === 'write')
      .map((each) => (each as unknown[])[1]) // filtered above
    expect(written.toSorted()).toEqual(['a', 'b', 'c'])
  })

  test('what fails again and again is parked, shown with the reason and without secrets, and runs again', async () => {
    await domain.settings.set('ledger', 'apiKey', 'sesame-42')
    failures = 1000
    reason = 'the key sesame-42 was refused'
    const payload = { text: 'lasting', password: 'open', note: 'of sesame-42' }
    await ledger.jobs.add('write', payload)
    await ledger.jobs.add('write', { text: 'lost' })
    const { db } = at.database
    const parked = () => domain.jobs.list({ state: 'parked', plugin: 'ledger', limit: 10 })
    while ((await parked()).items.length < 2) {
      // Pauses between tries are for servers that come back, and the last try is the second here.
      await sql`update jobs.job set start_after = now(), retry_limit = 1 where state = 'retry'`.execute(
        db,
      )
      await sleep(20)
    }
    const [lost, lasting] = (await parked()).items
    const time = expect.any(String)
    expect(lasting).toEqual({
      id: lasting?.id,
      kind: 'job',
      plugin: 'ledger',
      name: 'write',
      state: 'parked',
      tries: 2,
      payload: JSON.stringify({ note: 'of •••', text: 'lasting', password: '•••' }, null, 2),
      failure: 'the key ••• was refused',
      createdAt: time,
      startedAt: time,
      nextTryAt: null,
      endedAt: time,
    })
    const name = { kind: 'job', plugin: 'ledger', name: 'write' } as const
    expect(await domain.jobs.counts()).toMatchObject({
      parked: 2,
      parkedByName: [{ ...name, count: 2 }],
    })
    failures = 0
    const { id = '' } = lasting ?? {}
    expect(await domain.jobs.runAgain(id)).toMatchObject({ id, state: 'waiting', endedAt: null })
    await domain.queue.drain()
    const [newest] = (
      await domain.jobs.list({ state: 'done', plugin: 'ledger', limit: 50 })
    ).items.filter((job) => job.id === id)
    expect(newest).toMatchObject({ state: 'done', tries: 3, failure: null, nextTryAt: null })
    expect(heard.shift()).toEqual(['write', 'lasting'])
    expect(await statusOf(domain.jobs.runAgain(id))).toEqual([
      409,
      'This job is done, and not parked any more.',
    ])
    expect(await domain.jobs.runAllAgain(name)).toBe(1)
    await domain.queue.drain()
    expect(heard).toContainEqual(['write', 'lost'])
    expect(await statusOf(domain.jobs.remove(lost?.id ?? ''))).toEqual([
      409,
      'This job is done, and not parked any more.',
    ])
    expect(await statusOf(domain.jobs.remove('none'))).toEqual([404, 'There is no such job.'])
    await sql`update jobs.job set state = 'failed' where id = ${id}::uuid`.execute(db)
    await domain.jobs.remove(id)
    expect([(await parked()).items, (await domain.jobs.counts()).parkedByName]).toEqual([[], []])
    await domain.settings.set('ledger', 'apiKey', null)
  })

  test('a page of jobs goes on where it ended, also among those of one transaction', async () => {
    await ledger.tx(async (tx) => {
      for (let at = 0; at < 5; at++)
        await tx.jobs.add('write', { text: `paged ${at}` }, { afterSeconds: 900 })
    })
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await domain.jobs.list({ state: 'waiting', plugin: 'ledger', limit: 2, cursor })
      found.push(...page.items.map(({ payload }) => JSON.parse(payload).text))
      cursor = page.next ?? undefined
    } while (cursor)
    expect(found.toSorted()).toEqual([0, 1, 2, 3, 4].map((at) => `paged ${at}`))
    await sql`delete from jobs.job where state = 'created' and data->>'plugin' = 'ledger'`.execute(
      at.database.db,
    )
    expect(
      await statusOf(
        domain.jobs.list({ limit: 2, cursor: Buffer.from('7').toString('base64url') }),
      ),
    ).toEqual([422, 'cursor: is not one that this list gave'])
  })

  test('a schedule says when it is due next', async () => {
    const schedules = await domain.jobs.schedules()
    expect(schedules.map(({ plugin, job, every }) => [plugin, job, every])).toEqual([
      ['core', 'expire-invoices', '* * * * *'],
      ['ledger', 'write', '0 4 * * *'],
    ])
    expect(schedules[1]?.nextAt).toMatch(/T04:00:00\.000Z$/)
  })

  test('a worker that starts writes the schedules that changed, and no other', async () => {
    const rows = async () => {
      const { db } = at.database
      const found = await sql<{ key: string; cron: string; updated_on: Date }>`
        select key, cron, updated_on from jobs.schedule order by key`.execute(db)
      return found.rows
    }
    const before = await rows()
    await sql`update jobs.schedule set cron = '5 5 * * *' where key = 'ledger/write'`.execute(
      at.database.db,
    )
    await sql`insert into jobs.schedule (name, key, cron) values ('jobs', 'gone/write', '5 5 * * *')`.execute(
      at.database.db,
    )
    const second = await makeDomain()
    await second.queue.work({ jobs, listeners })
    await second.close()
    const after = await rows()
    expect(after.map(({ key, cron }) => [key, cron])).toEqual(
      before.map(({ key, cron }) => [key, cron]),
    )
    expect(
      after.map(({ updated_on: at }, i) => [before[i]?.key, +at === +(before[i]?.updated_on ?? 0)]),
    ).toEqual([
      ['core/expire-invoices', true],
      ['ledger/write', false],
    ])
  })

  test('a payload that is no plain JSON, or not as declared, is refused at once', async () => {
    await expect(ledger.jobs.add('write', { text: 'x', at: new Date() } as never)).rejects.toThrow(
      'the payload of ledger/write.at is a Date: only plain JSON survives the queue',
    )
    await expect(ledger.jobs.add('write', {} as never)).rejects.toThrow(
      'the payload of ledger/write does not fit its declaration',
    )
    await expect(ledger.jobs.add('erase' as never, {} as never)).rejects.toThrow(
      'ledger declares no job erase',
    )
  })

  test('the outer database inside a transaction is the same plain error everywhere', async () => {
    const message =
      'The database was used outside of the transaction that is open here: use the transaction’s own db.'
    await expect(
      ledger.tx(() => ledger.db.selectFrom('lines').selectAll().execute()),
    ).rejects.toThrow(message)
    await expect(
      ledger.tx(() => ledger.core.products.createMany([{ name: 'x', price: '1' }])),
    ).rejects.toThrow(message)
    expect(await ledger.db.selectFrom('core_v1.stores').select('currency').execute()).toEqual([
      { currency: 'USD' },
    ])
  })

  test('the admin’s value wins over env, env over the selection, the selection over the default', async () => {
    const minimum = async () => {
      const row = (await domain.settings.list()).find(
        (each) => each.plugin === 'ledger' && each.key === 'minimum',
      )
      return [row?.value, row?.origin]
    }
    expect(await minimum()).toEqual([2, 'selection'])
    env.LEDGER_MINIMUM = '3'
    expect(await minimum()).toEqual([3, 'env'])
    await domain.settings.set('ledger', 'minimum', 4)
    expect(await minimum()).toEqual([4, 'admin'])
    expect(await statusOf(domain.settings.set('ledger', 'minimum', 10))).toEqual([
      422,
      'minimum: must be at most 9',
    ])
    await domain.settings.set('ledger', 'minimum', null)
    expect(await domain.settings.of('ledger')).toEqual({ minimum: 3 })
    env.LEDGER_MINIMUM = 'many'
    const told = await makeDomain().then(
      () => [],
      (error: unknown) => (error instanceof Refused ? error.problems.map(problemText) : [error]),
    )
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "✗ LEDGER_MINIMUM must be a number.

          LEDGER_MINIMUM   ledger: Minimum

        Nothing was started.

        Fix: Correct LEDGER_MINIMUM, or take it out to use the default.

        More: compose explain start/setting-unfit
      "
    `)
    delete env.LEDGER_MINIMUM
  })

  test('a secret is stored sealed, read by its plugin, and shown to nobody', async () => {
    const rows = await domain.settings.set('ledger', 'apiKey', 'open-sesame')
    expect(rows.find((row) => row.key === 'apiKey')).toMatchObject({
      isSecret: true,
      isSet: true,
      value: null,
      origin: 'admin',
    })
    expect(await domain.settings.of('ledger')).toMatchObject({ apiKey: 'open-sesame' })
    const stored = await sql<{
      value: string
    }>`select value from core.settings where key = 'apiKey'`.execute(at.database.db)
    expect(stored.rows[0]?.value).toMatch(/^v1:/)
    expect(readFileSync(join(at.dataDir, 'secret.key'), 'utf8')).toHaveLength(45)
    await domain.settings.set('ledger', 'apiKey', null)
  })

  test('a template shows its variables as they are and refuses what it does not declare', async () => {
    expect(await ledger.render('thanks', { name: 'Ann <3' })).toBe('Thank you, Ann <3 & friends.')
    await expect(ledger.render('thanks', {} as never)).rejects.toThrow(
      'the variables of ledger/thanks does not fit its declaration',
    )
  })

  test('the first user is the administrator, and the last one stays', async () => {
    const [owner] = await domain.users.list()
    expect(owner).toMatchObject({ email: 'owner@example.com', isAdministrator: true })
    const found = await Promise.all(
      ['NER@ex', 'Own', 'o_n', ''].map((search) => domain.users.list({ search })),
    )
    expect(found).toEqual([[owner], [owner], [], [owner]])
    expect(await statusOf(domain.users.remove(owner?.id ?? ''))).toEqual([
      409,
      'This is the last administrator: make another user an administrator first.',
    ])
    expect(
      await statusOf(
        domain.users.create({
          email: 'x@example.com',
          name: 'X',
          password: 'long enough',
          permissions: [],
          onlyAsFirst: true,
        }),
      ),
    ).toMatchObject([403, expect.any(String)])
    expect(
      await statusOf(
        domain.users.create({
          email: 'OWNER@example.com',
          name: 'X',
          password: 'long enough',
          permissions: [],
        }),
      ),
    ).toEqual([409, 'This e-mail address is taken.'])
    expect(
      await statusOf(
        domain.users.create({
          email: 'x@example.com',
          name: 'X',
          password: 'long enough',
          permissions: ['ledger.burn'],
        }),
      ),
    ).toEqual([422, 'permissions: has ledger.burn, which nothing here declares'])
  })

  test('a token has its user’s rights or fewer, and ends with them', async () => {
    const clerk = await domain.users.create({
      email: 'clerk@example.com',
      name: 'Clerk',
      password: 'long enough',
      permissions: ['ledger.view', 'invoices.view'],
    })
    const token = await domain.tokens.create(clerk.id, 'till', ['ledger.view'])
    expect(await domain.tokens.userOf(token.secret)).toMatchObject({
      id: clerk.id,
      permissions: ['ledger.view'],
      isAdministrator: false,
    })
    await domain.users.update(clerk.id, { permissions: [] })
    expect(await domain.tokens.userOf(token.secret)).toMatchObject({ permissions: [] })
    const session = await domain.sessions.create(clerk.id)
    expect(await domain.sessions.userOf(session)).toMatchObject({ id: clerk.id })
    await domain.users.remove(clerk.id)
    expect([
      await domain.tokens.userOf(token.secret),
      await domain.sessions.userOf(session),
    ]).toEqual([null, null])
  })

  test('ten wrong passwords close an address for a while', async () => {
    await domain.users.create({
      email: 'guess@example.com',
      name: 'G',
      password: 'long enough',
      permissions: [],
    })
    for (let attempt = 0; attempt < 10; attempt++)
      expect(await domain.users.signIn('guess@example.com', `wrong ${attempt}`)).toBeNull()
    expect(await statusOf(domain.users.signIn('guess@example.com', 'long enough'))).toEqual([
      429,
      'Too many attempts to sign in. Try again in 15 minutes.',
    ])
    expect(await domain.users.signIn('owner@example.com', 'correct horse')).toMatchObject({
      name: 'Owner',
    })
  })

  test('a list goes on where its page ended, and finds text as it stands', async () => {
    const names = ['100% wool', 'wool_hat', 'woolly hat']
    await ledger.core.products.createMany(
      names.map((name) => ({ name, price: '1', category: 'wool' })),
    )
    const first = await domain.products.list({ category: 'wool', limit: 2 })
    const second = await domain.products.list({
      category: 'wool',
      limit: 2,
      cursor: first.next ?? '',
    })
    expect([first.items, second.items].map((items) => items.map((item) => item.name))).toEqual([
      ['woolly hat', 'wool_hat'],
      ['100% wool'],
    ])
    expect(second.next).toBeNull()
    const found = async (search: string) =>
      (await domain.products.list({ search, limit: 9 })).items.map((item) => item.name)
    expect([await found('0% W'), await found('l_h')]).toEqual([['100% wool'], ['wool_hat']])
    await expect(
      ledger.core.products.createMany([
        { name: 'ok', price: '1' },
        { name: 'bad', price: '1.234' },
      ]),
    ).rejects.toThrow('price: must have at most 2 digits after the point: USD has no smaller unit')
    expect(await found('ok')).toEqual([])
    expect(await statusOf(domain.products.get('\0', 'all'))).toEqual([
      422,
      'A text must not contain a NUL character.',
    ])
  })

  test('a list is sorted by what it is asked to be, page by page, and loses none that are alike', async () => {
    const rows = [
      ['b', '2', 7],
      ['A', '10', null],
      ['c', '2', 0],
      ['B', '2', 7],
      ['d', '0.5', null],
    ] as const
    await ledger.core.products.createMany(
      rows.map(([name, price, stock]) => ({ name, price, stock, category: 'sorted' })),
    )
    const listed = async (sort: ProductSort) => {
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = await domain.products.list({ category: 'sorted', sort, limit: 2, cursor })
        found.push(...page.items.map(({ name }) => name))
        cursor = page.next ?? undefined
      } while (cursor)
      return found.join('')
    }
    const sorts = ['name', '-name', 'price', '-price', 'stock', '-stock', 'createdAt'] as const
    expect(await Promise.all(sorts.map(listed))).toEqual([
      'AbBcd',
      'dcBbA',
      'dbcBA',
      'ABcbd',
      'cbBAd',
      'dABbc',
      'bAcBd',
    ])
    const { next } = await domain.products.list({ category: 'sorted', sort: 'price', limit: 1 })
    expect(
      await statusOf(domain.products.list({ sort: 'name', limit: 1, cursor: next ?? '' })),
    ).toEqual([422, 'cursor: is not one that this list gave'])
  })

  test('a picture is told by its content and goes with its product', async () => {
    const card = await domain.products.create({ name: 'Card', price: '1' })
    expect(
      await statusOf(domain.products.setImage(card.id, Buffer.from('<svg onload=alert(1)>'))),
    ).toEqual([422, 'image: must be a PNG, JPEG, WebP or GIF'])
    const id =
      (await domain.products.setImage(card.id, Buffer.from('GIF89a…'))).imageUrl?.replace(
        '/api/files/',
        '',
      ) ?? ''
    expect(await domain.files.read(id)).toEqual({
      bytes: Buffer.from('GIF89a…'),
      contentType: 'image/gif',
    })
    await sql`create table p_ledger.gifts (product_id text references core.products (id))`.execute(
      at.database.db,
    )
    await sql`insert into p_ledger.gifts values (${card.id})`.execute(at.database.db)
    expect(await statusOf(domain.products.remove(card.id))).toEqual([
      409,
      'The plugin ledger still needs this product: take it out there first.',
    ])
    await sql`drop table p_ledger.gifts`.execute(at.database.db)
    await domain.products.remove(card.id)
    expect(await domain.files.read(id)).toBeNull()
  })

  test('the dashboard adds up what was completed', async () => {
    const { sales30d, days, recent, currency } = await domain.dashboard('all')
    const lamp = await domain.products.create({ name: 'Lamp', price: '100' })
    const invoice = await domain.carts.checkout((await cartWith(lamp.id, 3)).id, {
      email: 'a@example.com',
    })
    await domain.invoices.markPaid(invoice.id)
    const after = await domain.dashboard('all')
    expect([currency, days.length, recent.length]).toEqual(['USD', 30, 5])
    expect(Number(after.sales30d) - Number(sales30d)).toBe(300)
    expect(after.days.at(-1)?.day).toBe(invoice.createdAt.slice(0, 10))
    expect(after.recent[0]).toMatchObject({ id: invoice.id, status: 'complete' })
  })
})

describe.skipIf(process.env.TEST_DATABASE_URL)('on PostgreSQL', () => {
  test.skip('set TEST_DATABASE_URL to run this suite on a server too')
})

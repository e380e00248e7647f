import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bind, Type, type HttpError, type Notice, type PluginTypes } from '@bitcartcc/sdk/server'
import type { NoticeMessage } from '@bitcartcc/sdk/resources'
import type { Domain } from './domain.ts'
import { createDomain } from './index.ts'
import { bareDistribution, bareWiring, databases, silent } from './test-support.ts'
import type { TestDatabase } from './test-support.ts'

/** Pagers that were told something, and what they do about it. */
const pagers = { told: [] as (Notice & { readonly pager: string })[], failures: [] as string[] }
const pager = bind<PluginTypes>().notifyChannel({
  target: Type.Object(
    {
      pager: Type.String({ title: 'Pager', minLength: 2 }),
      code: Type.Optional(Type.String({ title: 'Code', writeOnly: true })),
    },
    { additionalProperties: false },
  ),
  nameOf: (target) => `pager ${target.pager}`,
  toBuyer: (email) => ({ pager: email }),
  async send(notice, { pager: name, code }) {
    const failure = pagers.failures.shift()
    if (failure !== undefined) throw new Error(failure)
    pagers.told.push({ ...notice, pager: code === undefined ? name : `${name} with ${code}` })
  },
})
const siren = bind<PluginTypes>().notifyChannel({
  target: Type.Object({}),
  nameOf: () => 'the siren',
  send: async () => {},
})

describe.each(databases)('on $name', { timeout: 120_000 }, ({ openMigrated }) => {
  let at: TestDatabase
  let domain: Domain
  let storeId: string

  beforeAll(async () => {
    at = await openMigrated()
    const facts = { name: 'pagers', version: '1.0.0', title: 'Pagers', permissions: {} }
    domain = await createDomain({
      database: at.database,
      wiring: {
        ...bareWiring,
        plugins: [{ ...facts, settings: {}, templates: {}, jobs: {}, emits: {} }],
        notify: {
          channels: [
            { plugin: 'pagers', name: 'pager', title: 'Pager', channel: pager },
            { plugin: 'pagers', name: 'siren', title: 'Siren', channel: siren },
          ],
        },
      },
      distribution: bareDistribution,
      env: {},
      dataDir: at.dataDir,
      log: silent,
    })
    const owner = { email: 'owner@example.com', name: 'Owner', password: 'correct horse' }
    await domain.users.create({ ...owner, permissions: [] })
    storeId = (await domain.stores.list())[0]?.id ?? ''
    await domain.stores.update(storeId, { name: 'Corner shop', currency: 'USD' })
    await domain.queue.work({ jobs: [], listeners: [] })
  }, 120_000)
  afterAll(async () => {
    await domain?.close()
    await at?.close()
  }, 60_000)

  const refusalOf = (run: Promise<unknown>) =>
    run.then(
      () => 'done',
      (error: Error) => error.message,
    )
  const tell = (events: readonly string[], values: object = { pager: 'P1' }) =>
    domain.notices.create(storeId, {
      channel: 'pagers.pager',
      audience: 'staff',
      values: { ...values },
      events,
    })
  const newest = async (id: string) => (await domain.notices.messages(id, { limit: 1 })).items[0]
  /** Waits for a message that is as asked; what is to be tried later is tried now. */
  const until = async (id: string, isIt: (message: NoticeMessage) => boolean) => {
    for (;;) {
      const message = await newest(id)
      if (message && isIt(message)) return message
      await sql`update jobs.job set start_after = now() where name = 'webhooks' and state = 'created'`.execute(
        at.database.db,
      )
      await sleep(20)
    }
  }
  const isOver = ({ status }: NoticeMessage) => status !== 'waiting'
  const order = async (name = 'Mug', stock: number | null = null, quantity = 2) => {
    const product = await domain.products.create({ name, price: '21.50', stock })
    const cart = await domain.carts.create()
    await domain.carts.setItem(cart.id, product.id, quantity)
    return domain.carts.checkout(cart.id, { email: 'buyer@example.com' })
  }

  test('staff is told what was asked for, once, in words of the store', async () => {
    const rule = await tell(['invoice.paid', 'invoice.complete'])
    expect(rule).toEqual({
      id: rule.id,
      storeId,
      channel: 'pagers.pager',
      audience: 'staff',
      targetName: 'pager P1',
      metadata: {},
      values: { pager: 'P1' },
      events: ['invoice.paid', 'invoice.complete'],
      isEnabled: true,
      createdAt: expect.any(String),
    })
    const invoice = await order()
    await domain.invoices.markPaid(invoice.id)
    await until(rule.id, (each) => isOver(each) && each.event === 'invoice.complete')
    await domain.queue.drain()
    expect(pagers.told.splice(0).toSorted((a, b) => (a.event < b.event ? 1 : -1))).toEqual(
      ['paid', 'complete'].map((what) => ({
        id: expect.any(String),
        event: `invoice.${what}`,
        storeId,
        storeName: 'Corner shop',
        subject: `Invoice 1 is ${what}: 43.00 USD`,
        text: `Invoice 1 of Corner shop is ${what}.

2 × Mug: 43.00 USD
Total: 43.00 USD
Received: 43.00 USD
Payment: Manual payment
Buyer: buyer@example.com
`,
        pager: 'P1',
      })),
    )
    expect((await domain.notices.messages(rule.id, { limit: 9 })).items).toMatchObject([
      { status: 'delivered', tries: 1, failure: null, recipient: 'pager P1' },
      { status: 'delivered', tries: 1, failure: null, recipient: 'pager P1' },
    ])
    await domain.notices.remove(rule.id)
  })

  test('a buyer gets a receipt where the merchant wants it, and nothing where not', async () => {
    const input = {
      channel: 'pagers.pager',
      audience: 'buyer' as const,
      events: ['invoice.complete'],
    }
    const rule = await domain.notices.create(storeId, input)
    const own = 'Thanks, {{buyer}}!\n{{#each items}}{{name}} {{/each}}from {{store}}'
    await domain.texts.set(storeId, 'core', 'receipt', own)
    await domain.invoices.markPaid((await order('Mug\r\nBcc: thief@example.com')).id)
    await until(rule.id, isOver)
    await domain.notices.update(rule.id, { isEnabled: false })
    await domain.invoices.markPaid((await order()).id)
    await domain.queue.drain()
    expect(pagers.told.splice(0)).toMatchObject([
      {
        pager: 'buyer@example.com',
        subject: 'Thanks, buyer@example.com!',
        text: 'Mug\nBcc: thief@example.com from Corner shop',
      },
    ])
    expect(
      await refusalOf(domain.notices.create(storeId, { ...input, channel: 'pagers.siren' })),
    ).toBe('audience: cannot be the buyer: Siren reaches none')
    await domain.notices.remove(rule.id)
    await domain.texts.set(storeId, 'core', 'receipt', null)
  })

  test('a subject is one line, whatever a product is called', async () => {
    const rule = await tell(['product.low'])
    await order(`Mug\r\nBcc: thief@example.com\u2028x\u0000`.replace('\0', ''), 5)
    const { subject } = await until(rule.id, isOver)
    expect([subject, pagers.told.splice(0)[0]?.subject]).toEqual([
      'Mug Bcc: thief@example.com x: only 3 left',
      'Mug Bcc: thief@example.com x: only 3 left',
    ])
    // Not while there is plenty, and where it was low before only when it is sold out.
    await order('Plenty', 100)
    await order('Few', 3, 1)
    await order('Last pair', 2)
    await until(rule.id, (each) => isOver(each) && each.subject === 'Last pair: sold out')
    expect((await domain.notices.messages(rule.id, { limit: 9 })).items).toHaveLength(2)
    pagers.told.length = 0
    await domain.notices.remove(rule.id)
  })

  test('what fails is tried again, then parked, and can be sent again', async () => {
    const rule = await tell(['invoice.created'])
    pagers.failures.push(...Array.from({ length: 8 }, (_, at_) => `No\r\nradio ${at_ + 1}`))
    await order()
    const parked = await until(rule.id, isOver)
    expect(parked).toMatchObject({
      status: 'parked',
      tries: 8,
      failure: 'No radio 8',
      nextTryAt: null,
    })
    expect(pagers.told).toEqual([])
    await domain.notices.resend(parked.id)
    expect(await until(rule.id, isOver)).toMatchObject({ status: 'delivered', tries: 1 })
    expect(pagers.told.splice(0).map(({ id }) => id)).toEqual([parked.id])
    await domain.notices.remove(rule.id)
  })

  test('a test message is sent at once, with the very error where it fails; secrets are kept and not shown', async () => {
    const rule = await tell(['invoice.paid'], { pager: 'P2', code: 'hush' })
    expect([rule.values, await domain.notices.list(storeId)]).toEqual([{ pager: 'P2' }, [rule]])
    const { rows } = await sql<{ whole: string }>`
      select sealed_target || target_name as whole from core.notice_rules`.execute(at.database.db)
    expect(rows.map(({ whole }) => whole).join(' ')).not.toContain('hush')
    const values = { pager: 'P3' }
    const asked = { channel: 'pagers.pager', values, ruleId: rule.id }
    await domain.notices.test(storeId, asked)
    expect(pagers.told.splice(0)).toMatchObject([{ event: 'test', pager: 'P3 with hush' }])
    pagers.failures.push('535 5.7.8 Authentication failed')
    expect(
      await domain.notices
        .test(storeId, asked)
        .catch((error: HttpError) => [error.status, error.message]),
    ).toEqual([409, '535 5.7.8 Authentication failed'])
    const other = await domain.stores.create({ name: 'Other', currency: 'EUR' })
    expect([
      await refusalOf(domain.notices.test(other.id, asked)),
      await refusalOf(domain.notices.test(storeId, { channel: 'pagers.pager', values: {} })),
      await refusalOf(tell(['invoice.paid'], { pager: 'P', volume: 3 })),
      await refusalOf(tell(['invoice.lost'])),
      await refusalOf(tell([])),
      await refusalOf(
        domain.notices.create(storeId, { channel: 'fax', audience: 'staff', events: [] }),
      ),
    ]).toEqual([
      'There is no such notice.',
      'Pager: must be filled in',
      'volume: is not asked for',
      'events: has invoice.lost: there are invoice.created, invoice.paid, invoice.confirmed, invoice.complete, invoice.expired, invoice.invalid, invoice.refunded, invoice.exception, product.low',
      'events: must name at least one event',
      'channel: must be one of pagers.pager, pagers.siren',
    ])
    await domain.notices.remove(rule.id)
  })

  test('a store has words of its own, checked by line, and goes back to those that are shipped', async () => {
    const shipped = (await domain.texts.list(storeId)).map(({ plugin, name, origin }) =>
      [plugin, name, origin].join(' '),
    )
    expect(shipped).toEqual([
      'core invoice-notice shipped',
      'core stock-notice shipped',
      'core receipt shipped',
    ])
    const { preview, set } = domain.texts
    expect(
      await preview(storeId, 'core', 'stock-notice', '{{product}}\n{{stock}} in {{store}}'),
    ).toEqual({
      subject: 'Stoneware mug',
      text: '2 in Corner shop',
    })
    expect([
      await refusalOf(set(storeId, 'core', 'stock-notice', '{{product}}\n\n{{price}} {{> x}}')),
      await refusalOf(set(storeId, 'core', 'stock-notice', '{{#if stock}}\n{{/if}}')),
      await refusalOf(set(storeId, 'core', 'stock-notice', '\nNo subject')),
      await refusalOf(set(storeId, 'core', 'constructor', 'Hm')),
    ]).toEqual([
      'This text cannot be used: line 3 has no variable price. There are: store, product, stock; line 3 takes in another template, which is not possible here',
      'This text cannot be used: line 1 has braces or blocks that do not fit together; line 2 has braces or blocks that do not fit together',
      'This text cannot be used: line 1 is empty: it is the subject',
      'There is no such text.',
    ])
    const other = await domain.stores.create({ name: 'Third', currency: 'EUR' })
    const own = async (id: string) =>
      (await domain.texts.list(id)).find(({ name }) => name === 'stock-notice')
    await set(storeId, 'core', 'stock-notice', 'Buy {{product}}')
    expect([await own(storeId), await own(other.id)]).toMatchObject([
      { text: 'Buy {{product}}', origin: 'store', variables: ['store', 'product', 'stock'] },
      { origin: 'shipped' },
    ])
    await set(storeId, 'core', 'stock-notice', null)
    expect(await own(storeId)).toEqual(await own(other.id))
    // What an older release took may not fit any more: the shipped text counts.
    await set(storeId, 'core', 'stock-notice', 'Buy {{product}}')
    await sql`update core.store_texts set text = 'Buy {{gone}}'`.execute(at.database.db)
    expect(await own(storeId)).toEqual(await own(other.id))
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { databases } from '@bitcartcc/domain/test-support'
import type { Role } from '@bitcartcc/sdk/rights'
import { owner, useShop, type Browser } from './test-support.ts'

describe.each(databases)('on $name', { timeout: 60_000 }, (database) => {
  const shop = useShop({}, database)
  let desk: Browser
  let storeId: string

  async function member(role: Role, where = storeId) {
    const who = { email: `${role}-${where}@example.com`, name: role, password: 'correct horse' }
    await shop.domain.users.create({ ...who, permissions: [] })
    await shop.domain.members.add(where, { email: who.email, role })
    return shop.signedIn(who)
  }
  const note = (path: string, merchant: object) =>
    desk.send('PATCH', path, { metadata: { merchant } })
  const found = async (list: string, filter: string, who = desk) => {
    const { status, body } = await who.send('GET', `${list}metadata=${encodeURIComponent(filter)}`)
    if (status !== 200) return status
    return (Array.isArray(body) ? body : body.items).map((each: { id: string }) => each.id)
  }

  beforeAll(async () => {
    await shop.domain.users.create({ ...owner, permissions: [] })
    desk = await shop.signedIn(owner)
    storeId = (await shop.domain.stores.first()) ?? ''
  }, 60_000)

  test('every record takes notes, shows them to who works with it, and is found by them', async () => {
    const product = await desk.send('POST', '/api/products', {
      name: 'Mug',
      price: '2',
      metadata: { merchant: { supplier: 'Acme', weight: 0.35, tags: ['new', 'blue'] } },
    })
    expect(product.body.metadata).toEqual({
      merchant: { supplier: 'Acme', weight: 0.35, tags: ['new', 'blue'] },
    })
    const cart = await shop.domain.carts.create()
    await shop.domain.carts.setItem(cart.id, product.body.id, 1)
    const invoice = await shop.domain.carts.checkout(cart.id, { email: 'buyer@example.com' })
    const user = await shop.domain.users.create({
      ...owner,
      email: 'b@example.com',
      permissions: [],
    })
    const webhook = await desk.send('POST', `/api/stores/${storeId}/webhooks`, {
      url: 'https://example.com/told',
      events: ['invoice.paid'],
      metadata: { merchant: { place: 'there' } },
    })
    const rule = await desk.send('POST', `/api/stores/${storeId}/notices`, {
      channel: 'guestbook.page',
      audience: 'staff',
      values: { page: 3 },
      events: ['invoice.created'],
      metadata: { merchant: { place: 'there' } },
    })
    const records = [
      ['/api/products/', product.body.id, '/api/products?'],
      ['/api/invoices/', invoice.id, '/api/invoices?'],
      ['/api/stores/', storeId, '/api/stores?'],
      ['/api/users/', user.id, '/api/users?'],
      ['/api/webhooks/', webhook.body.id, `/api/stores/${storeId}/webhooks?`],
      ['/api/notices/', rule.body.id, `/api/stores/${storeId}/notices?`],
    ] as const
    for (const [path, id, list] of records) {
      const { body } = await note(path + id, { place: 'here', count: 3, gone: 1 })
      expect([path, body.metadata.merchant]).toEqual([
        path,
        expect.objectContaining({ place: 'here', count: 3, gone: 1 }),
      ])
      const next = await note(path + id, { gone: null })
      expect(Object.keys(next.body.metadata.merchant)).not.toContain('gone')
      expect([path, await found(list, 'merchant.place:here')]).toEqual([path, [id]])
      expect([path, await found(list, 'merchant.place:there')]).toEqual([path, []])
      expect([path, await found(list, 'merchant.count:3')]).toEqual([path, [id]])
      expect([path, await found(list, 'guestbook.place:here')]).toEqual([path, []])
    }
    expect(
      await found('/api/products?metadata=merchant.weight:0.35&', 'merchant.tags:blue'),
    ).toEqual([product.body.id])
    expect(await found('/api/products?metadata=merchant.weight:1&', 'merchant.tags:blue')).toEqual(
      [],
    )
    await shop.domain.products.remove(product.body.id)
    expect(await found('/api/products?', 'merchant.place:here')).toEqual([])
  })

  test('no buyer sees a note, nor learns of it by asking', async () => {
    const { id } = (
      await desk.send('POST', '/api/products', {
        name: 'Bowl',
        price: '2',
        metadata: { merchant: { cost: '1' } },
      })
    ).body
    const cart = await shop.domain.carts.create()
    await shop.domain.carts.setItem(cart.id, id, 1)
    const invoice = await shop.domain.carts.checkout(cart.id, { email: 'buyer@example.com' })
    await note(`/api/invoices/${invoice.id}`, { cost: '1' })
    await note(`/api/stores/${storeId}`, { cost: '1' })
    const other = await shop.domain.stores.create({ name: 'Other', currency: 'EUR' })
    const [viewer, stranger] = [await member('viewer'), await member('owner', other.id)]
    const seen = async (who: Browser) => {
      const { body: list } = await who.send('GET', '/api/products?search=Bowl&all=true')
      const { body: plain } = await who.send('GET', '/api/products?search=Bowl')
      const stores = (await who.send('GET', '/api/stores')).body
      return [
        (list.items[0] ?? {}).metadata,
        plain.items[0].metadata,
        (await who.send('GET', `/api/products/${id}`)).body.metadata,
        (await who.send('GET', `/api/invoices/${invoice.id}`)).body.metadata,
        stores.find((each: { id: string }) => each.id === storeId).metadata,
      ]
    }
    const cost = { merchant: { cost: '1' } }
    const noted = { merchant: { cost: '1', place: 'here', count: 3 } }
    expect(await seen(desk)).toEqual([cost, undefined, cost, cost, noted])
    expect(await seen(viewer)).toEqual([cost, undefined, cost, cost, undefined])
    const nothing = [undefined, undefined, undefined, undefined, undefined]
    expect(await seen(shop.browser())).toEqual(nothing)
    expect(await seen(stranger)).toEqual(nothing)
    expect([
      await found('/api/products?', 'merchant.cost:1', shop.browser()),
      await found('/api/stores?', 'merchant.cost:1', shop.browser()),
      await found('/api/stores?', 'merchant.cost:1', stranger),
      await found('/api/products?', 'merchant.cost:1', stranger),
      await found(`/api/products?storeId=${storeId}&`, 'merchant.cost:1', stranger),
      await found('/api/products?', 'merchant.cost:1', viewer),
    ]).toEqual([401, 401, [], [], 403, [id]])
    expect((await viewer.send('PATCH', `/api/invoices/${invoice.id}`, {})).status).toBe(403)
  })

  test('what does not fit is refused by name, and nothing is kept of it', async () => {
    const { id } = await shop.domain.products.create({ name: 'Plate', price: '2' })
    const path = `/api/products/${id}`
    const refused = async (metadata: unknown) => {
      const { status, body } = await desk.send('PATCH', path, { name: 'Changed', metadata })
      return [status, body.errors]
    }
    expect(await refused({ ratings: { stars: 5 } })).toEqual([
      422,
      expect.arrayContaining([{ field: 'metadata.ratings', says: 'is not asked for' }]),
    ])
    expect(await refused({ merchant: { text: 'x'.repeat(16_384) } })).toEqual([
      422,
      [
        {
          field: 'metadata.merchant',
          says: 'must be at most 16384 bytes as JSON, and would be 16395',
        },
      ],
    ])
    expect(await refused({ merchant: { half: ['\ud800'] } })).toEqual([
      422,
      [
        {
          field: 'metadata.merchant.half',
          says: 'must be plain JSON, with texts of whole characters, no NUL',
        },
      ],
    ])
    expect((await refused({ merchant: { 'no good': 1 } }))[0]).toBe(422)
    const list = await desk.send('GET', '/api/products?metadata=supplier')
    expect([list.status, list.body.errors[0].field]).toEqual([422, 'metadata.0'])
    expect(await desk.send('GET', path)).toMatchObject({
      body: { name: 'Plate', metadata: {} },
    })
  })

  test('a plugin notes in its own namespace, what it declares, with its transaction or not at all', async () => {
    const context = await shop.domain.contextFor('guestbook')
    const { id } = await shop.domain.products.create({ name: 'Pen', price: '2' })
    // Its own types would say which there are.
    const tx = context.tx as unknown as <R>(
      // of any plugin, whose own types narrow it
      run: (t: {
        metadata(
          noun: string,
          id: string,
        ): {
          get(): Promise<object>
          set(values: object): Promise<object>
        }
      }) => Promise<R>,
    ) => Promise<R>
    const metadata = async () => (await desk.send('GET', `/api/products/${id}`)).body.metadata
    expect(await tx((t) => t.metadata('product', id).set({ page: 7 }))).toEqual({ page: 7 })
    expect(await tx((t) => t.metadata('product', id).get())).toEqual({ page: 7 })
    await note(`/api/products/${id}`, { page: 1 })
    const lost = tx(async (t) => {
      await t.metadata('product', id).set({ page: 8 })
      throw new Error('changed its mind')
    })
    await expect(lost).rejects.toThrow('changed its mind')
    expect(await metadata()).toEqual({ guestbook: { page: 7 }, merchant: { page: 1 } })
    expect(await found('/api/products?', 'guestbook.page:7')).toEqual([id])

    const tried = (noun: string, of: string, values: object) =>
      tx((t) => t.metadata(noun, of).set(values)).catch((error: Error) => error.message)
    expect([
      await tried('product', id, { stars: 1 }),
      await tried('invoice', id, { page: 1 }),
      await tried('product', id, { page: 'seven' }),
      await tried('product', 'none', { page: 7 }),
    ]).toEqual([
      'guestbook declares no metadata product.stars',
      'guestbook declares no metadata invoice.page',
      'guestbook’s metadata product.page does not fit its declaration: / must be integer',
      'There is no such product.',
    ])
    await tx((t) => t.metadata('product', id).set({ page: null }))
    expect(await metadata()).toEqual({ merchant: { page: 1 } })
    const made = await context.core.products.createMany([{ name: 'Ink', price: '1' }], {
      metadata: { page: 9 } as object as Record<string, never>, // its own types would say which there are
    })
    expect(await found('/api/products?', 'guestbook.page:9')).toEqual(made)
    expect((await desk.send('GET', '/api/metadata-keys')).body).toEqual([
      {
        plugin: 'guestbook',
        pluginTitle: 'Guestbook',
        noun: 'product',
        key: 'page',
        title: 'Page',
      },
      {
        plugin: 'guestbook',
        pluginTitle: 'Guestbook',
        noun: 'cart',
        key: 'dedication',
        title: 'Dedication',
      },
      { plugin: 'guestbook', pluginTitle: 'Guestbook', noun: 'cart', key: 'shelf', title: 'Shelf' },
    ])
  })

  test('a buyer notes in a cart what plugins open to buyers, and the order takes all of it along', async () => {
    const buyer = shop.browser()
    const { id: productId } = await shop.domain.products.create({ name: 'Poems', price: '2' })
    const { body: cart } = await buyer.send('POST', '/api/carts', {})
    const path = `/api/carts/${cart.id}`
    expect(cart.metadata).toEqual({})
    const dedicate = async (dedication: unknown) => {
      const { status, body } = await buyer.send('PATCH', path, {
        metadata: { guestbook: { dedication } },
      })
      return [status, body.metadata ?? body.errors]
    }
    expect(await dedicate('For Ada')).toEqual([200, { guestbook: { dedication: 'For Ada' } }])
    expect(await dedicate('x'.repeat(21))).toEqual([
      422,
      [
        {
          field: 'metadata.guestbook.dedication',
          says: 'must have at most 20 characters',
        },
      ],
    ])
    const refused = async (metadata: object) => {
      const { status, body } = await buyer.send('PATCH', path, { metadata })
      return [status, body.errors?.[0]]
    }
    const notTheirs = (field: string) => [422, { field, says: 'is nothing that buyers may note' }]
    expect([
      await refused({ guestbook: { dedication: 'For Bob', shelf: 'top' } }),
      await refused({ guestbook: { page: 1 } }),
      await refused({ merchant: { order: '1' } }),
      await refused({ nobody: { dedication: 'x' } }),
      await refused({ guestbook: { constructor: 'x' } }),
    ]).toEqual([
      notTheirs('metadata.guestbook.shelf'),
      notTheirs('metadata.guestbook.page'),
      notTheirs('metadata.merchant.order'),
      notTheirs('metadata.nobody.dedication'),
      notTheirs('metadata.guestbook.constructor'),
    ])
    const gone = { metadata: { guestbook: { dedication: 'x' } } }
    expect((await buyer.send('PATCH', '/api/carts/none', gone)).status).toBe(404)

    const context = await shop.domain.contextFor('guestbook')
    await context.tx((t) =>
      (
        t.metadata as unknown as (
          noun: string,
          id: string,
        ) => { set(values: object): Promise<object> }
      )('cart', cart.id).set({ shelf: 'top' }),
    ) // its own types would say which there are
    const buy = () => buyer.send('PUT', `${path}/items/${productId}`, { quantity: 1 })
    expect((await buy()).body.metadata).toEqual({ guestbook: { dedication: 'For Ada' } })
    const order = () => buyer.send('POST', `${path}/checkout`, { email: 'buyer@example.com' })
    const { body: invoice } = await order()
    const noted = { guestbook: { dedication: 'For Ada', shelf: 'top' } }
    expect((await desk.send('GET', `/api/invoices/${invoice.id}`)).body.metadata).toEqual(noted)
    expect((await buyer.send('GET', `/api/invoices/${invoice.id}`)).body.metadata).toBeUndefined()
    expect(await found('/api/invoices?', 'guestbook.dedication:For Ada')).toEqual([invoice.id])

    expect((await buyer.send('GET', path)).body.metadata).toEqual({})
    await buy()
    const { body: next } = await order()
    expect((await desk.send('GET', `/api/invoices/${next.id}`)).body.metadata).toEqual({})
    expect(await dedicate('For Bob')).toEqual([200, { guestbook: { dedication: 'For Bob' } }])
    expect(await dedicate(null)).toEqual([200, {}])
  })

  test('changes of one namespace at once lose none', async () => {
    const { id } = await shop.domain.products.create({ name: 'Desk', price: '2' })
    const keys = Array.from({ length: 8 }, (_, at) => `k${at}`)
    await Promise.all(keys.map((key) => note(`/api/products/${id}`, { [key]: key })))
    const { body } = await desk.send('GET', `/api/products/${id}`)
    expect(Object.keys(body.metadata.merchant).toSorted()).toEqual(keys)
  })

  test('a store and a user have settings of their own, over what holds for all', async () => {
    const other = await shop.domain.stores.create({ name: 'Third', currency: 'EUR' })
    const manager = await member('manager')
    const path = `/api/stores/${storeId}/settings`
    const rowOf = async (answer: Promise<{ body: { key: string }[] }>, key: string) => {
      const row = (await answer).body.find((each) => each.key === key) as unknown as {
        value: unknown
        origin: string
        isSet: boolean
      } // a row of settings
      return [row.value, row.origin, row.isSet]
    }
    const minutes = (where: string) =>
      rowOf(desk.send('GET', `/api/stores/${where}/settings`), 'invoiceMinutes')
    expect(await minutes(storeId)).toEqual([1440, 'default', true])
    await desk.send('PUT', '/api/settings/core/invoiceMinutes', { value: 60 })
    await manager.send('PUT', `${path}/core/invoiceMinutes`, { value: 15 })
    expect([await minutes(storeId), await minutes(other.id)]).toEqual([
      [15, 'store', true],
      [60, 'admin', true],
    ])
    const product = await shop.domain.products.create({ name: 'Clock', price: '2' })
    const cart = await shop.domain.carts.create()
    await shop.domain.carts.setItem(cart.id, product.id, 1)
    await manager.send('PUT', `${path}/core/manualInstructions`, { value: 'Pay No. {{number}}' })
    const invoice = await shop.domain.carts.checkout(cart.id, { email: 'buyer@example.com' })
    expect([
      Date.parse(invoice.expiresAt) - Date.parse(invoice.createdAt),
      invoice.payment.instructions,
    ]).toEqual([15 * 60_000, `Pay No. ${invoice.number}`])

    expect(
      await rowOf(
        manager.send('PUT', `${path}/guestbook/key`, { value: 'a key of theirs' }),
        'key',
      ),
    ).toEqual([null, 'store', true])
    const { pool } = shop.database().database
    const stored = await pool.query(`select value from core.store_settings where key = 'key'`)
    expect(String(stored.rows[0]?.value)).not.toContain('a key of theirs')
    const context = await shop.domain.contextFor('guestbook')
    expect([await context.storeSettings(storeId), await context.storeSettings(other.id)]).toEqual([
      { rules: 'None', key: 'a key of theirs' },
      { rules: 'None' },
    ])
    await manager.send('PUT', `${path}/core/invoiceMinutes`, { value: null })
    expect(await minutes(storeId)).toEqual([60, 'admin', true])
    expect([
      (await manager.send('PUT', `${path}/core/invoiceMinutes`, { value: 0 })).body.errors,
      (await manager.send('PUT', `${path}/core/webhookSeconds`, { value: 5 })).status,
      (await manager.send('PUT', `${path}/guestbook/color`, { value: 'blue' })).status,
      (await manager.send('PUT', '/api/settings/core/invoiceMinutes', { value: 5 })).status,
      (await desk.send('GET', '/api/stores/none/settings')).status,
    ]).toEqual([[{ field: 'invoiceMinutes', says: 'must be at least 1' }], 404, 404, 403, 404])

    const mine = '/api/profile/settings'
    const color = (who: Browser) => rowOf(who.send('GET', mine), 'color')
    expect(
      await manager.send('PUT', `${mine}/guestbook/color`, { value: 'Blue ink' }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'color', says: 'must be one of blue, black' }] },
    })
    const set = await manager.send('PUT', `${mine}/guestbook/color`, { value: 'blue' })
    expect(set.body).toEqual([
      expect.objectContaining({
        key: 'color',
        options: [
          { value: 'blue', title: 'Blue ink' },
          { value: 'black', title: 'Black ink' },
        ],
      }),
    ])
    expect([await color(manager), await color(desk)]).toEqual([
      ['blue', 'user', true],
      [null, 'none', false],
    ])
    const { id } = (await manager.send('GET', '/api/session')).body.user
    expect(await context.userSettings(id)).toMatchObject({ color: 'blue' })
    const audit = (await desk.send('GET', '/api/audit?search=settings&limit=3')).body.items
    expect(audit.map((each: { action: string }) => each.action)).toEqual([
      'PUT /api/profile/settings/:plugin/:key',
      'PUT /api/stores/:id/settings/:plugin/:key',
      'PUT /api/stores/:id/settings/:plugin/:key',
    ])
  })

  test('a store has its colours, its logo, and what its checkout asks for', async () => {
    const buyer = shop.browser()
    const set = (key: string, value: unknown) =>
      desk.send('PUT', `/api/stores/${storeId}/settings/core/${key}`, { value })
    const theme = () => buyer.send('GET', `/api/theme.css?storeId=${storeId}`)
    expect((await theme()).body).toBe('')
    await set('accentColor', '#7C3AED')
    await set('appearance', 'dark')
    const { headers, body } = await theme()
    expect(headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'no-cache',
    })
    expect(body).toContain('--theme-accent-light: #7c3aed;')
    expect((await buyer.send('GET', '/api/theme.css')).body).toBe(body)
    const again = await shop.app.inject({
      url: '/api/theme.css',
      headers: { 'if-none-match': String(headers['etag']) },
    })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect((await set('accentColor', 'red; } body {')).body.errors).toEqual([
      { field: 'accentColor', says: 'must be a colour such as #0f766e' },
    ])

    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0])
    const logo = await desk.send('PUT', `/api/stores/${storeId}/logo`, png)
    const { logoUrl } = (await buyer.send('GET', `/api/stores/${storeId}`)).body
    expect([logo.body.logoUrl, (await buyer.send('GET', logoUrl)).status]).toEqual([logoUrl, 200])
    const wrong = await desk.send('PUT', `/api/stores/${storeId}/logo`, Buffer.from('no picture'))
    expect([wrong.status, (await buyer.send('GET', logoUrl)).status]).toEqual([422, 200])
    const gone = await desk.send('DELETE', `/api/stores/${storeId}/logo`)
    expect([gone.body.logoUrl, (await buyer.send('GET', logoUrl)).status]).toEqual([null, 404])

    const facts = async () => (await buyer.send('GET', `/api/stores/${storeId}/checkout`)).body
    expect(await facts()).toEqual({ email: 'required', thanks: '' })
    const { id: productId } = await shop.domain.products.create({ name: 'Lamp', price: '2' })
    const order = async (input: object) => {
      const cart = await shop.domain.carts.create()
      await shop.domain.carts.setItem(cart.id, productId, 1)
      const answer = await buyer.send('POST', `/api/carts/${cart.id}/checkout`, input)
      return [answer.status, answer.body.buyerEmail ?? answer.body.errors[0].field]
    }
    const given = { email: 'buyer@example.com' }
    expect(await order({})).toEqual([422, 'email'])
    await set('askEmail', 'optional')
    await set('thanks', 'Come back soon.')
    expect(await facts()).toEqual({ email: 'optional', thanks: 'Come back soon.' })
    expect([await order({}), await order(given)]).toEqual([
      [201, ''],
      [201, 'buyer@example.com'],
    ])
    await set('askEmail', 'none')
    expect(await order(given)).toEqual([201, ''])
    await set('askEmail', null)
    expect(await order({})).toEqual([422, 'email'])
  })
})

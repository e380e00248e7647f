import { beforeAll, describe, expect, test } from 'vitest'
import { databases } from '@bitcartcc/domain/test-support'
import { owner, useShop, type Browser } from './test-support.ts'

describe.each(databases)('on $name', { timeout: 60_000 }, (database) => {
  const shop = useShop({}, database)
  let desk: Browser
  let storeId: string

  beforeAll(async () => {
    await shop.domain.users.create({ ...owner, permissions: [] })
    desk = await shop.signedIn(owner)
    storeId = await shop.domain.stores.first()
  }, 60_000)

  const made = async (name: string, more: { storeId?: string; category?: string } = {}) =>
    (await shop.domain.products.create({ name, price: '2', ...more })).id
  const ordered = async (productId: string) => {
    const { id } = await shop.domain.carts.create()
    await shop.domain.carts.setItem(id, productId, 1)
    return (await shop.domain.carts.checkout(id, { email: 'buyer@example.com' })).id
  }
  const problem = (status: number, title: string, detail: string, more: object = {}) => ({
    type: 'about:blank',
    title,
    status,
    detail,
    ...more,
  })
  const missing = problem(404, 'Not Found', 'There is no such product.')
  const changes = async (limit: number) =>
    (await desk.send('GET', `/api/audit?limit=${limit}`)).body.items
      .map((each: { action: string; path: string }) => [each.action, each.path])
      .toReversed()
  const countOf = async (table: string) => {
    const { rows } = await shop
      .database()
      .database.pool.query(`select count(*)::integer as count from ${table}`)
    return rows[0].count
  }

  test('products are changed and deleted, each for itself, as one alone would be', async () => {
    const [pen, ink] = [await made('Pen'), await made('Ink')]
    const bulk = (body: object) => desk.send('POST', '/api/products/bulk', body)
    const change = (ids: readonly string[], to: object) =>
      bulk({ ids, action: 'change', change: to })
    const before = await countOf('core.audit_entries')
    const hidden = await change([pen, 'none', ink], { status: 'hidden', category: 'Desk' })
    expect([hidden.status, hidden.body]).toEqual([
      200,
      { done: [pen, ink], failed: [{ id: 'none', problem: missing }] },
    ])
    const { items } = (await desk.send('GET', '/api/products?all=true')).body
    expect(
      items.map(({ id, status, category }: Record<string, string>) => [id, status, category]),
    ).toEqual([
      [ink, 'hidden', 'Desk'],
      [pen, 'hidden', 'Desk'],
    ])
    // The hook of a plugin has its say about each.
    expect((await change([pen], { category: 'forbidden' })).body).toEqual({
      done: [],
      failed: [
        {
          id: pen,
          problem: problem(422, 'Unprocessable Entity', 'category: is not sold here', {
            errors: [{ field: 'category', says: 'cannot become that' }],
          }),
        },
      ],
    })
    expect((await bulk({ ids: [ink, pen], action: 'delete' })).body).toEqual({
      done: [ink, pen],
      failed: [],
    })
    expect(await countOf('core.products')).toBe(0)
    // Each is its own change, and the request is none besides.
    expect(await countOf('core.audit_entries')).toBe(before + 4)
    expect(await changes(4)).toEqual([
      ['PATCH /api/products/:id', `/api/products/${pen}`],
      ['PATCH /api/products/:id', `/api/products/${ink}`],
      ['DELETE /api/products/:id', `/api/products/${ink}`],
      ['DELETE /api/products/:id', `/api/products/${pen}`],
    ])
  })

  test('what is not theirs stays as it is, and who may change nothing is not heard', async () => {
    const other = await shop.domain.stores.create({ name: 'Other', currency: 'EUR' })
    const [mine, foreign] = [await made('Cup'), await made('Jug', { storeId: other.id })]
    const members = { manager: 'm@example.com', viewer: 'v@example.com' } as const
    const who: Browser[] = []
    for (const [role, email] of Object.entries(members)) {
      await shop.domain.users.create({ ...owner, email, permissions: [] })
      await shop.domain.members.add(storeId, { email, role: role as keyof typeof members }) // its own keys
      who.push(await shop.signedIn({ ...owner, email }))
    }
    const [manager, viewer] = who
    const body = { ids: [mine, foreign], action: 'delete' }
    expect((await viewer?.send('POST', '/api/products/bulk', body))?.status).toBe(403)
    expect((await manager?.send('POST', '/api/products/bulk', body))?.body).toEqual({
      done: [mine],
      failed: [
        {
          id: foreign,
          problem: problem(
            403,
            'Forbidden',
            'This needs the permission products.manage in this store.',
          ),
        },
      ],
    })
    expect((await shop.domain.products.get(foreign)).name).toBe('Jug')
  })

  test('invoices take a step each, where it leads from where they are', async () => {
    const productId = await made('Mug')
    const [first, second] = [await ordered(productId), await ordered(productId)]
    await shop.domain.invoices.invalidate(second)
    const bulk = async (ids: readonly string[], action: string) =>
      (await desk.send('POST', '/api/invoices/bulk', { ids, action })).body
    const { number } = await shop.domain.invoices.get(second)
    expect(await bulk([first, second], 'mark-paid')).toEqual({
      done: [first],
      failed: [
        {
          id: second,
          problem: problem(409, 'Conflict', `Invoice ${number} is invalid: it cannot become paid.`),
        },
      ],
    })
    expect(await bulk([first], 'refund')).toEqual({ done: [first], failed: [] })
    const third = await ordered(productId)
    expect(await bulk([third, first], 'invalidate')).toMatchObject({
      done: [third],
      failed: [{ id: first, problem: { status: 409 } }],
    })
    expect(await changes(3)).toEqual([
      ['POST /api/invoices/:id/mark-paid', `/api/invoices/${first}/mark-paid`],
      ['POST /api/invoices/:id/refund', `/api/invoices/${first}/refund`],
      ['POST /api/invoices/:id/invalidate', `/api/invoices/${third}/invalidate`],
    ])
  })

  test('parked jobs run again or are forgotten, each for itself', async () => {
    const { pool } = shop.database().database
    const parked = async () =>
      (
        await pool.query(
          `insert into jobs.job (name, data, state, completed_on, policy) values ('jobs', $1, 'failed', now(), 'short') returning id`,
          [{ plugin: 'guestbook', job: 'bind', payload: {} }],
        )
      ).rows[0].id
    const [first, second] = [await parked(), await parked()]
    const bulk = async (ids: readonly string[], action: string) =>
      (await desk.send('POST', '/api/jobs/bulk', { ids, action })).body
    expect(await bulk([first, 'none'], 'run-again')).toMatchObject({
      done: [first],
      failed: [{ id: 'none', problem: { status: 404 } }],
    })
    expect(await bulk([second, first], 'delete')).toMatchObject({
      done: [second],
      failed: [{ id: first, problem: { status: 409 } }],
    })
  })

  test('a request that says too much or too little does nothing at all', async () => {
    const id = await made('Bowl')
    const refused = async (body: object) => {
      const answer = await desk.send('POST', '/api/products/bulk', body)
      return [answer.status, answer.body.errors?.[0]]
    }
    const many = Array.from({ length: 101 }, (_, at) => `product-${at}`)
    expect([
      await refused({ ids: many, action: 'delete' }),
      await refused({ ids: [], action: 'delete' }),
      await refused({ ids: [id, id], action: 'delete' }),
      await refused({ ids: [id], action: 'change' }),
      await refused({ ids: [id], action: 'change', change: {} }),
      await refused({ ids: [id], action: 'change', change: { price: '1' } }),
    ]).toEqual([
      [422, { field: 'ids', says: 'must have at most 100 entries' }],
      [422, { field: 'ids', says: 'must not be empty' }],
      [422, { field: 'ids', says: 'must not say one thing twice' }],
      [422, { field: 'change', says: 'must say what changes' }],
      [422, { field: 'change', says: 'must not be empty' }],
      [422, { field: 'change.price', says: 'is not asked for' }],
    ])
    expect((await shop.domain.products.get(id)).name).toBe('Bowl')
  })

  test('what breaks on our side is said of each it broke for, and nothing of those is kept', async () => {
    const { pool } = shop.database().database
    const id = await made('Vase')
    await pool.query(
      'alter table core.audit_entries add constraint full_disk check (false) not valid',
    )
    const { status, body } = await desk.send('POST', '/api/products/bulk', {
      ids: [id],
      action: 'delete',
    })
    await pool.query('alter table core.audit_entries drop constraint full_disk')
    expect([status, body]).toEqual([
      200,
      {
        done: [],
        failed: [
          {
            id,
            problem: problem(500, 'Internal Server Error', 'Something went wrong on our side.'),
          },
        ],
      },
    ])
    expect((await shop.domain.products.get(id)).name).toBe('Vase')
  })
})

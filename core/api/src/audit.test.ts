import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { databases } from '@bitcartcc/domain/test-support'
import { coreRoutes } from './core-routes.ts'
import { owner, useShop } from './test-support.ts'

describe.each(databases)('on $name', { timeout: 60_000 }, (database) => {
  const shop = useShop({}, database)

  test('a change tells who made it, when and from where; what failed, what stores nothing, and what a buyer does, is none', async () => {
    const { id: userId } = await shop.domain.users.create({ ...owner, permissions: [] })
    const desk = await shop.signedIn(owner)
    const { body: tea } = await desk.send('POST', '/api/products', { name: 'Tea', price: '3' })
    await desk.send('POST', '/api/products', { name: '', price: '3' })
    await desk.send('GET', `/api/products/${tea.id}`)
    await desk.send('POST', '/api/carts', {})
    const texts = `/api/stores/${tea.storeId}/texts/core/receipt`
    expect((await desk.send('POST', `${texts}/preview`, { text: 'Thanks' })).status).toBe(200)
    const { body: token } = await desk.send('POST', '/api/tokens', {
      name: 'Feed',
      permissions: [],
    })
    await shop.app.inject({
      method: 'PATCH',
      url: `/api/products/${tea.id}?why=secret`,
      headers: { authorization: `Bearer ${token.secret}`, 'x-forwarded-for': '203.0.113.7' },
      payload: { price: '4' },
    })
    const who = { userId, userEmail: owner.email }
    const any = { id: expect.any(String), createdAt: expect.any(String) }
    const { body } = await desk.send('GET', '/api/audit')
    expect(body).toEqual({
      items: [
        {
          ...any,
          ...who,
          isByToken: true,
          action: 'PATCH /api/products/:id',
          path: `/api/products/${tea.id}`,
          address: '203.0.113.7',
        },
        {
          ...any,
          ...who,
          isByToken: false,
          action: 'POST /api/tokens',
          path: '/api/tokens',
          address: '127.0.0.1',
        },
        {
          ...any,
          ...who,
          isByToken: false,
          action: 'POST /api/products',
          path: '/api/products',
          address: '127.0.0.1',
        },
      ],
      next: null,
    })
    const found = await desk.send('GET', `/api/audit?search=${tea.id}`)
    expect(found.body.items).toEqual(body.items.slice(0, 1))
  })

  test('a change and what is written of it are made together, or neither', async () => {
    const { pool } = shop.database().database
    const desk = await shop.signedIn(owner)
    const count = async (table: string) =>
      (await pool.query(`select count(*)::integer as count from core.${table}`)).rows[0].count
    const counts = async () => [await count('products'), await count('audit_entries')]
    const before = await counts()
    await pool.query(
      'alter table core.audit_entries add constraint full_disk check (false) not valid',
    )
    const refused = await desk.send('POST', '/api/products', { name: 'Lost', price: '3' })
    await pool.query('alter table core.audit_entries drop constraint full_disk')
    expect([refused.status, await counts()]).toEqual([500, before])
    const made = await desk.send('POST', '/api/products', { name: 'Kept', price: '3' })
    expect([made.status, await counts()]).toEqual([201, before.map((each) => each + 1)])
  })
})

test('the admin has words for every operation that a user changes something with', () => {
  const page = new URL('../../admin/src/audit/changes.ts', import.meta.url)
  const worded = readFileSync(page, 'utf8').match(/(?<=')[A-Z]+ \/api[^']*/g) ?? []
  const changing = Object.entries(coreRoutes)
    .filter(([key]) => !key.startsWith('GET '))
    .filter(([, { shape }]) => shape.permission !== 'public')
    .filter(([, { shape }]) => !shape.inParts && !shape.changesNothing)
    .map(([key]) => key)
  expect(worded.toSorted()).toEqual([...changing, 'POST /api/users'].toSorted())
})

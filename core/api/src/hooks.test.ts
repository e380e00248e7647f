import { beforeAll, expect, test } from 'vitest'
import { owner, useShop } from './test-support.ts'

const shop = useShop()
beforeAll(async () => {
  await shop.domain.users.create({ ...owner, permissions: [] })
}, 60_000)

test('a product passes through the hooks of plugins before it is stored: changed, or refused with their words', async () => {
  const desk = await shop.signedIn(owner)
  const made = await desk.send('POST', '/api/products', { name: 'The tea', price: '3' })
  const path = `/api/products/${made.body.id}`
  const changed = await desk.send('PATCH', path, { name: 'the mug' })
  const refused = await desk.send('PATCH', path, { category: 'forbidden' })
  const none = { name: 'Gun', price: '3', category: 'forbidden' }
  expect([
    made.body.name,
    changed.body.name,
    refused.body,
    (await desk.send('POST', '/api/products', none)).body.errors,
    await shop.domain.products.createMany([none]).catch((error: Error) => error.message),
    (await desk.send('GET', path)).body.category,
  ]).toEqual([
    'tea',
    'mug',
    {
      type: 'about:blank',
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'category: is not sold here',
      errors: [{ field: 'category', says: 'cannot become that' }],
    },
    [{ field: 'category', says: 'is not sold here' }],
    'category: is not sold here',
    '',
  ])
})

test('an order passes through them before anything is reserved', async () => {
  const { id: productId } = await shop.domain.products.create({ name: 'Cup', price: '2', stock: 1 })
  const { id } = await shop.domain.carts.create()
  await shop.domain.carts.setItem(id, productId, 1)
  const visitor = shop.browser()
  const order = (email: string) => visitor.send('POST', `/api/carts/${id}/checkout`, { email })
  const refused = await order('rude@example.com')
  expect([refused.status, refused.body.detail]).toEqual([409, 'Not 1 for you.'])
  expect((await shop.domain.products.get(productId)).stock).toBe(1)
  const made = await order('ann+news@example.com')
  expect([made.status, made.body.buyerEmail]).toEqual([201, 'ann@example.com'])
})

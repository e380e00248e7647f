import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop, until, type Shop } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.stop())

const addProduct = async (more: object = {}) =>
  (await shop.get<{ id: string }>('POST', '/products', { name: 'Mug', price: '12.50', ...more })).id
const summary = async (id: string) => {
  const { average, count } = await shop.get<{ average: number | null; count: number }>(
    'GET',
    `/plugins/ratings/products/${id}`,
    undefined,
    null,
  )
  return { average, count }
}

test('a customer has one vote on a product, and may change it', async () => {
  const id = await addProduct()
  const [one, other] = [{ cookie: '' }, { cookie: '' }]
  const rate = (stars: number, as: { cookie: string }) =>
    shop.call('PUT', `/plugins/ratings/products/${id}`, { stars }, as)
  await rate(5, one)
  await rate(2, other)
  await rate(4, one)
  expect(await summary(id)).toEqual({ average: 3, count: 2 })
  expect((await rate(6, one)).status).toBe(422)
  expect(await shop.get('GET', `/plugins/ratings/products/${id}`, undefined, one)).toEqual({
    productId: id,
    average: 3,
    count: 2,
    mine: { stars: 4, comment: '' },
    comments: [],
  })
})

test('ratings below the lowest that a store shows count neither for the average nor for the number', async () => {
  const id = await addProduct()
  for (const stars of [1, 4, 5])
    await shop.get(
      'PUT',
      `/plugins/ratings/products/${id}`,
      { stars, comment: `${stars}` },
      { cookie: '' },
    )
  await shop.get('PUT', '/settings/ratings/minimum', { value: 5 })
  const [store] = await shop.get<{ id: string }[]>('GET', '/stores')
  const ofStore = `/stores/${store?.id}/settings/ratings/minimum`
  await shop.get('PUT', ofStore, { value: 4 })
  const { average, count, comments } = await shop.get<{
    average: number
    count: number
    comments: { comment: string }[]
  }>('GET', `/plugins/ratings/products/${id}`, undefined, null)
  const { items } = await shop.get<{ items: { count: number }[] }>(
    'GET',
    `/plugins/ratings/summaries?ids=${id}`,
    undefined,
    null,
  )
  await shop.get('PUT', ofStore, { value: null })
  const forAll = await summary(id)
  await shop.get('PUT', '/settings/ratings/minimum', { value: null })
  expect([items[0]?.count, forAll]).toEqual([2, { average: 5, count: 1 }])
  expect({ average, count, comments: comments.map((each) => each.comment) }).toEqual({
    average: 4.5,
    count: 2,
    comments: ['5', '4'],
  })
})

test('a product that customers cannot see cannot be rated', async () => {
  const hidden = await addProduct({ status: 'hidden' })
  const answers = await Promise.all(
    [hidden, 'none'].map((id) =>
      shop.call('PUT', `/plugins/ratings/products/${id}`, { stars: 5 }, { cookie: '' }),
    ),
  )
  expect(answers.map((answer) => answer.status)).toEqual([404, 404])
})

test('only who may sees and deletes votes', async () => {
  const id = await addProduct({ name: 'Unusual teapot' })
  await shop.get(
    'PUT',
    `/plugins/ratings/products/${id}`,
    { stars: 1, comment: 'Rude words' },
    { cookie: '' },
  )
  expect((await shop.call('GET', '/plugins/ratings', undefined, null)).status).toBe(401)
  const { items } = await shop.get<{
    items: { id: string; productName: string; comment: string }[]
  }>('GET', '/plugins/ratings?search=teapot')
  expect(items).toMatchObject([{ productName: 'Unusual teapot', comment: 'Rude words' }])
  const vote = `/plugins/ratings/votes/${items[0]?.id}`
  expect((await shop.call('DELETE', vote, undefined, null)).status).toBe(401)
  await shop.get('DELETE', vote)
  expect(await summary(id)).toEqual({ average: null, count: 0 })
})

test('a completed invoice invites its buyer to rate what it holds', async () => {
  const id = await addProduct({ name: 'Bowl' })
  const cart = await shop.get<{ id: string }>('POST', '/carts', {}, null)
  await shop.get('PUT', `/carts/${cart.id}/items/${id}`, { quantity: 2 }, null)
  const invoice = await shop.get<{ id: string }>(
    'POST',
    `/carts/${cart.id}/checkout`,
    { email: 'buyer@example.com' },
    null,
  )
  await shop.get('POST', `/invoices/${invoice.id}/mark-paid`)
  const { items } = await until(
    () =>
      shop.get<{ items: unknown[] }>(
        'GET',
        `/plugins/ratings/invoices/${invoice.id}`,
        undefined,
        null,
      ),
    (answer) => answer.items.length > 0,
  )
  expect(items).toEqual([
    { productId: id, text: 'Thank you for choosing Bowl. How do you like it?' },
  ])
})

test('a deleted product takes its ratings along', async () => {
  const id = await addProduct()
  await shop.get('PUT', `/plugins/ratings/products/${id}`, { stars: 5 }, { cookie: '' })
  await shop.call('DELETE', `/products/${id}`)
  expect(
    await until(
      () => summary(id),
      ({ count }) => count === 0,
    ),
  ).toEqual({ average: null, count: 0 })
})

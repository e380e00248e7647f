import { beforeAll, expect, test } from 'vitest'
import { owner, useShop } from './test-support.ts'

const shop = useShop()
beforeAll(async () => {
  await shop.domain.users.create({ ...owner, permissions: [] })
}, 60_000)

const gif = Buffer.from('GIF89a')

test.each([
  [
    'a product',
    async () => (await shop.domain.products.create({ name: 'Tea', price: '3' })).id,
    'products',
    'image',
  ],
  ['a store', () => shop.domain.stores.first(), 'stores', 'logo'],
] as const)('the picture of %s is told by its bytes', async (_, id, kind, part) => {
  const desk = await shop.domain.tokens.create(
    (await shop.domain.users.list())[0]?.id ?? '',
    'Desk',
    [],
  )
  const url = `/api/${kind}/${await id()}/${part}`
  const sent = async (payload?: Buffer, type?: string) => {
    const authorization = `Bearer ${desk.secret}`
    const headers = { authorization, ...(type === undefined ? {} : { 'content-type': type }) }
    const answer = await shop.app.inject({
      method: 'PUT',
      url,
      headers,
      ...(payload ? { payload } : {}),
    })
    return [answer.statusCode, answer.json().errors]
  }
  const noPicture = [422, [{ field: 'image', says: 'must be a PNG, JPEG, WebP or GIF' }]]
  expect([
    await sent(),
    await sent(Buffer.alloc(0), 'image/png'),
    await sent(Buffer.from('<svg onload="alert(1)"/>'), 'image/png'),
    await sent(gif, 'text/plain'),
    await sent(gif),
    (await sent(Buffer.alloc(5_000_001, gif), 'image/gif'))[0],
  ]).toEqual([noPicture, noPicture, noPicture, [200, undefined], [200, undefined], 413])
})

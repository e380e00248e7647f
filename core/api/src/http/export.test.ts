import { beforeAll, expect, test } from 'vitest'
import { owner, useShop } from '../test-support.ts'

const shop = useShop()
beforeAll(async () => {
  await shop.domain.users.create({ ...owner, permissions: [] })
}, 60_000)

test('products leave as CSV that no spreadsheet takes for formulas, and as JSON, more than a page of them', async () => {
  const desk = await shop.signedIn(owner)
  await shop.domain.products.createMany(
    Array.from({ length: 120 }, (_, at) => ({ name: `Tea ${at}`, price: '1.50', category: 'tea' })),
  )
  await shop.domain.products.create({
    name: '=HYPERLINK("x")',
    price: '3',
    description: 'two\nlines, and "words"',
    status: 'hidden',
    stock: 0,
    metadata: { merchant: { supplier: 'Acme' } },
  })
  const answer = await desk.send('GET', '/api/products/export')
  const [titles = '', first = '', ...rest] = answer.body.split('\r\n')
  expect([answer.headers['content-type'], answer.headers['content-disposition']]).toEqual([
    'text/csv; charset=utf-8',
    'attachment; filename="products.csv"',
  ])
  expect(titles).toBe(
    'name,price,stock,category,description,status,currency,createdAt,storeId,id,metadata',
  )
  expect(first).toMatch(/^"'=HYPERLINK\(""x""\)",3\.00,0,,"two\nlines, and ""words""",hidden,USD,/)
  expect(first).toMatch(/,"{""merchant"":{""supplier"":""Acme""}}"$/)
  expect([rest.length, rest.at(-1)]).toEqual([121, ''])
  const json = await desk.send('GET', '/api/products/export?format=json&category=tea')
  expect([json.body.length, json.body[0].name]).toEqual([120, 'Tea 119'])
  const [last, before] = json.body
  const chosen = await desk.send(
    'GET',
    `/api/products/export?format=json&ids=${before.id}&ids=${last.id}`,
  )
  const one = await desk.send('GET', `/api/products/export?format=json&ids=${before.id}`)
  expect([chosen.body, one.body]).toEqual([[last, before], [before]])
  expect((await desk.send('GET', '/api/products/export?format=xml')).status).toBe(422)
})

test('invoices leave with what was bought, and nothing is an empty list', async () => {
  const desk = await shop.signedIn(owner)
  expect((await desk.send('GET', '/api/invoices/export?format=json')).body).toEqual([])
  const { id: productId } = await shop.domain.products.create({ name: 'Cup', price: '2' })
  const { id } = await shop.domain.carts.create()
  await shop.domain.carts.setItem(id, productId, 3)
  await shop.domain.carts.checkout(id, { email: 'ann@example.com' })
  const { body } = await desk.send('GET', '/api/invoices/export')
  const [titles, first] = body.split('\r\n')
  expect(titles).toBe(
    'number,status,exceptionStatus,amount,paidAmount,missingAmount,excessAmount,currency,buyerEmail,method,items,createdAt,paidAt,storeId,id,metadata',
  )
  expect(first).toMatch(
    /^1,pending,none,6\.00,0\.00,6\.00,0\.00,USD,ann@example\.com,manual,3 × Cup,/,
  )
})

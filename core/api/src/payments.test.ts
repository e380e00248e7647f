import { expect, test } from 'vitest'
import { owner, useShop } from './test-support.ts'

const shop = useShop()

test('the owner says how a store is paid, and a visitor pays that way', async () => {
  await shop.browser().send('POST', '/api/users', owner)
  const desk = await shop.signedIn(owner)
  const visitor = shop.browser()
  const [store] = (await visitor.send('GET', '/api/stores')).body as { id: string }[]
  const accounts = `/api/stores/${store?.id}/payment-accounts`
  const favour = `${accounts}/guestbook.favour`
  const offered = async () =>
    (await visitor.send('GET', `/api/payment-methods?storeId=${store?.id}`)).body
  expect(await offered()).toEqual([{ name: 'manual', title: 'Manual payment' }])
  expect((await visitor.send('GET', accounts)).status).toBe(401)
  expect((await desk.send('GET', accounts)).body).toEqual([
    {
      method: 'guestbook.favour',
      title: 'A favour',
      isEnabled: false,
      isSet: false,
      schema: {
        type: 'object',
        required: ['page'],
        properties: { page: { type: 'integer', title: 'Page', minimum: 1 } },
      },
      values: {},
      failure: null,
    },
    {
      method: 'manual',
      title: 'Manual payment',
      isEnabled: true,
      isSet: true,
      schema: { type: 'object', properties: {} },
      values: {},
      failure: null,
    },
  ])
  expect(await desk.send('POST', `${favour}/preview`, { values: { page: 0 } })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'page' }] },
  })
  expect((await desk.send('POST', `${favour}/preview`, { values: { page: 7 } })).body).toEqual([
    { title: 'Page', text: 'No. 7' },
  ])
  expect(await desk.send('PUT', favour, { values: { page: 7 } })).toMatchObject({
    status: 200,
    body: [{ isEnabled: true, isSet: true, values: { page: 7 } }, { method: 'manual' }],
  })
  expect(await offered()).toHaveLength(2)

  const tea = await desk.send('POST', '/api/products', { name: 'Tea', price: '3' })
  const cart = await visitor.send('POST', '/api/carts', {})
  await visitor.send('PUT', `/api/carts/${cart.body.id}/items/${tea.body.id}`, { quantity: 1 })
  const checkout = `/api/carts/${cart.body.id}/checkout`
  const order = { email: 'buyer@example.com', method: 'guestbook.favour' }
  expect((await visitor.send('POST', checkout, { ...order, method: 'no.such' })).status).toBe(422)
  const { body: invoice } = await visitor.send('POST', checkout, order)
  expect(invoice.payment.request).toMatchObject({
    amount: '1.00000000',
    currency: 'ENTRY',
    address: 'page 7',
    qr: 'invoice 1',
    metadata: { page: 7 },
  })
  const context = await shop.domain.contextFor('guestbook')
  await context.core.payments.report(invoice.payment.request.id, [
    { reference: 'entry 1', amount: '1', confirmations: 0 },
  ])
  expect((await visitor.send('GET', `/api/invoices/${invoice.id}`)).body).toMatchObject({
    status: 'complete',
    paidAmount: '3.00',
    payments: [{ method: 'guestbook.favour', reference: 'entry 1', status: 'settled' }],
  })
  const again = await visitor.send('POST', `/api/invoices/${invoice.id}/payment-method`, {
    method: 'manual',
  })
  expect(again).toMatchObject({
    status: 409,
    body: { detail: 'Invoice 1 is complete: how it is paid stays as it is.' },
  })
})

import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop, until, type Shop } from './shop.ts'

/** A real SMTP server of somebody else. */
const mails: { readonly to: string; readonly subject: string }[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  onAuth: ({ password }, _, done) =>
    password === 'hush' ? done(null, { user: 'shop' }) : done(new Error('Wrong password')),
  onData(stream, session, done) {
    let raw = ''
    stream.on('data', (chunk: Buffer) => (raw += chunk.toString()))
    stream.on('end', () => {
      const subject = /^Subject: (.*)\r$/m.exec(raw)?.[1] ?? ''
      mails.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), subject })
      done()
    })
  },
})
let shop: Shop
let notices = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  shop = await openShop()
  const [store] = await shop.get<{ id: string }[]>('GET', '/stores')
  notices = `/stores/${store?.id}/notices`
})
afterAll(async () => {
  await shop?.stop()
  await new Promise<void>((resolve) => server.close(resolve))
})
const set = (key: string, value: unknown) =>
  shop.get<{ key: string; plugin: string; value: unknown }[]>('PUT', `/settings/mail/${key}`, {
    value,
  })
const owner = { channel: 'mail.smtp', values: { to: 'owner@example.com' } }

test('a merchant tries mail, and reads why it does not work until it does', async () => {
  const why = async () => {
    const { status, body } = await shop.call('POST', `${notices}/test`, owner)
    return [status, (body as { detail?: string } | undefined)?.detail] // a problem, or nothing
  }
  const answers = [await why()]
  const { port } = server.server.address() as AddressInfo // it listens on TCP
  await set('host', '127.0.0.1')
  await set('port', port)
  await set('security', 'none')
  await set('from', 'shop@example.com')
  await set('user', 'shop')
  await set('password', 'wrong')
  answers.push(await why())
  const rows = await set('password', 'hush')
  answers.push(await why())
  expect(answers).toEqual([
    [409, 'Mail has no SMTP server yet: fill it in under Settings, Mail.'],
    [409, 'Invalid login: 535 Wrong password'],
    [204, undefined],
  ])
  expect(rows.find(({ plugin, key }) => plugin === 'mail' && key === 'password')?.value).toBeNull()
  expect(mails.splice(0)).toEqual([{ to: 'owner@example.com', subject: 'A test message' }])
  const list = { channel: 'mail.smtp', values: { to: 'owner@example.com,thief@example.com' } }
  expect(await shop.call('POST', `${notices}/test`, list)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'to' }] },
  })
})

test('when an invoice is complete the merchant is told, and the buyer has a receipt', async () => {
  const events = ['invoice.complete']
  await shop.get('POST', notices, { ...owner, audience: 'staff', events })
  await shop.get('POST', notices, { channel: 'mail.smtp', audience: 'buyer', events })
  const { id } = await shop.get<{ id: string }>('POST', '/products', { name: 'Mug', price: '13' })
  const cart = await shop.get<{ id: string }>('POST', '/carts', {}, null)
  await shop.get('PUT', `/carts/${cart.id}/items/${id}`, { quantity: 1 }, null)
  const buyer = { email: 'buyer@example.com', method: 'manual' }
  const invoice = await shop.get<{ id: string }>('POST', `/carts/${cart.id}/checkout`, buyer, null)
  await shop.get('POST', `/invoices/${invoice.id}/mark-paid`)
  await until(
    async () => mails.length,
    (count) => count >= 2,
  )
  expect(mails.toSorted((a, b) => (a.to < b.to ? -1 : 1))).toEqual([
    { to: 'buyer@example.com', subject: expect.stringMatching(/^Your order 1 at .* is complete$/) },
    { to: 'owner@example.com', subject: 'Invoice 1 is complete: 13.00 USD' },
  ])
})

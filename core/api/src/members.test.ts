import { beforeAll, describe, expect, test } from 'vitest'
import { databases } from '@bitcartcc/domain/test-support'
import type { Role } from '@bitcartcc/sdk/rights'
import { owner, useShop, type Browser } from './test-support.ts'

const password = 'correct horse'

describe.each(databases)('on $name', { timeout: 60_000 }, (database) => {
  const shop = useShop({}, database)
  const at = { tea: '', wool: '' }
  let administrator: Browser
  let made = 0

  /** Somebody new, with a role in a store; gives their id and their browser. */
  async function newMember(storeId: string, role: Role) {
    const email = `member${made++}@example.com`
    const { id } = await shop.domain.users.create({ email, name: 'M', password, permissions: [] })
    await shop.domain.members.add(storeId, { email, role })
    return { id, email, browser: await shop.signedIn({ email, password }) }
  }
  const productIn = (storeId: string, name: string) =>
    shop.domain.products.create({ storeId, name, price: '2', status: 'hidden' })
  const answerOf = ({ status, body }: { status: number; body: any }) => [status, body.detail] // oxlint-disable-line typescript/no-explicit-any -- a problem

  beforeAll(async () => {
    await shop.domain.users.create({ ...owner, permissions: [] })
    administrator = await shop.signedIn(owner)
    const [first] = await shop.domain.stores.list()
    at.tea = first?.id ?? ''
    at.wool = (
      await administrator.send('POST', '/api/stores', { name: 'Wool', currency: 'EUR' })
    ).body.id
  }, 60_000)

  test('whoever opens a store owns it, and the last owner neither leaves nor steps down', async () => {
    const members = `/api/stores/${at.wool}/members`
    const [first] = (await administrator.send('GET', members)).body
    expect(first).toMatchObject({ email: owner.email, role: 'owner' })
    const path = `${members}/${first.userId}`
    const last = 'This is the last owner of Wool: make somebody else its owner first.'
    expect(answerOf(await administrator.send('DELETE', path))).toEqual([409, last])
    expect(answerOf(await administrator.send('PATCH', path, { role: 'viewer' }))).toEqual([
      409,
      last,
    ])

    const second = await newMember(at.wool, 'manager')
    const theirs = `${members}/${second.id}`
    expect((await administrator.send('PATCH', theirs, { role: 'owner' })).body.role).toBe('owner')
    expect((await administrator.send('DELETE', path)).status).toBe(204)
    expect(answerOf(await administrator.send('DELETE', `/api/users/${second.id}`))).toEqual([
      409,
      last,
    ])
    await shop.domain.members.add(at.wool, { email: owner.email, role: 'owner' })
    expect((await second.browser.send('DELETE', theirs)).status).toBe(204)
    expect((await second.browser.send('GET', members)).status).toBe(403)
  })

  test('two owners who leave at once leave one', async () => {
    const { id } = await shop.domain.stores.create({ name: 'Two', currency: 'EUR' })
    const two = [await newMember(id, 'owner'), await newMember(id, 'owner')]
    const left = await Promise.all(
      two.map(
        async (each) =>
          (await each.browser.send('DELETE', `/api/stores/${id}/members/${each.id}`)).status,
      ),
    )
    expect(left.toSorted()).toEqual([204, 409])
  })

  test('a member is somebody who can sign in, and only once', async () => {
    const members = `/api/stores/${at.tea}/members`
    const { email } = await newMember(at.tea, 'viewer')
    expect([
      answerOf(
        await administrator.send('POST', members, { email: 'no@example.com', role: 'viewer' }),
      ),
      answerOf(await administrator.send('POST', members, { email, role: 'owner' })),
      (await administrator.send('POST', members, { email, role: 'king' })).status,
      answerOf(await administrator.send('PATCH', `${members}/nobody`, { role: 'owner' })),
    ]).toEqual([
      [422, 'email: is nobody’s here: whoever manages users adds the person first'],
      [409, 'This person works in the store already: change their role.'],
      422,
      [404, 'There is no such member.'],
    ])
  })

  test('nobody makes a role that may more than they do, nor takes its password', async () => {
    const email = 'staff@example.com'
    const permissions = ['members.manage', 'users.manage', 'products.view', 'invoices.view']
    await shop.domain.users.create({ email, name: 'Staff', password, permissions })
    const staff = await shop.signedIn({ email, password })
    const members = `/api/stores/${at.tea}/members`
    const above = await newMember(at.tea, 'owner')
    expect([
      answerOf(await staff.send('POST', members, { email, role: 'owner' })),
      (await staff.send('DELETE', `${members}/${above.id}`)).status,
      answerOf(await staff.send('PATCH', `/api/users/${above.id}`, { password: 'taken over!' })),
      (await staff.send('POST', members, { email, role: 'viewer' })).status,
    ]).toEqual([
      [
        403,
        'Only who may do as much makes or changes this role (owner): you do not hold products.manage here.',
      ],
      403,
      [403, 'You cannot set this password: you do not hold products.manage yourself.'],
      201,
    ])
  })

  test('lists and figures hold what is of one’s own store', async () => {
    const { browser } = await newMember(at.wool, 'manager')
    await productIn(at.tea, 'Green tea')
    await productIn(at.wool, 'Grey wool')
    const names = async (path: string) =>
      (await browser.send('GET', path)).body.items.map((each: { name: string }) => each.name)
    const tea = await shop.domain.products.create({ storeId: at.tea, name: 'Black', price: '3' })
    const cart = await shop.domain.carts.create(at.tea)
    await shop.domain.carts.setItem(cart.id, tea.id, 1)
    await shop.domain.carts.checkout(cart.id, { email: 'buyer@example.com' })
    const dashboard = (await browser.send('GET', '/api/dashboard')).body
    expect({
      products: await names('/api/products?all=true'),
      others: await names(`/api/products?all=true&storeId=${at.tea}`),
      sale: await names('/api/products'),
      invoices: (await browser.send('GET', '/api/invoices')).body.items,
      asked: answerOf(await browser.send('GET', `/api/invoices?storeId=${at.tea}`)),
      dashboard: [dashboard.currency, dashboard.products, dashboard.openInvoices, dashboard.recent],
      all: (await administrator.send('GET', '/api/dashboard')).body.openInvoices,
      made: answerOf(
        await browser.send('POST', '/api/products', { storeId: at.tea, name: 'X', price: '1' }),
      ),
      unnamed: (await browser.send('POST', '/api/products', { name: 'X', price: '1' })).status,
      own: (
        await browser.send('POST', '/api/products', { storeId: at.wool, name: 'X', price: '1' })
      ).status,
    }).toEqual({
      products: ['Grey wool'],
      others: [],
      sale: ['Black'],
      invoices: [],
      asked: [403, 'This needs the permission invoices.view in this store.'],
      dashboard: ['EUR', 1, 0, []],
      all: 1,
      made: [403, 'This needs the permission products.manage in this store.'],
      unnamed: 403,
      own: 201,
    })
  })

  test('a token for one store ends at its door, and with the role of its user', async () => {
    const { id, browser } = await newMember(at.tea, 'manager')
    const made = async (...permissions: string[]) =>
      browser.send('POST', '/api/tokens', { name: 'Feed', permissions })
    const { body: token } = await made(`products.view:${at.tea}`)
    const asking = { authorization: `Bearer ${token.secret}` }
    const seen = async () =>
      (await shop.app.inject({ url: '/api/products?all=true', headers: asking }))
        .json()
        .items.some((each: { name: string }) => each.name === 'Green tea')
    expect([
      token.permissions,
      await seen(),
      answerOf(await made(`products.view:${at.wool}`)),
      answerOf(await made('products.view:nowhere')),
      answerOf(await made(`settings.manage:${at.tea}`)),
    ]).toEqual([
      [`products.view:${at.tea}`],
      true,
      [403, `You cannot give a token products.view:${at.wool}: you do not have it yourself.`],
      [422, 'permissions: has products.view:nowhere, and there is no such store'],
      [
        422,
        `permissions: has settings.manage:${at.tea}, and settings.manage is for no single store`,
      ],
    ])
    await shop.domain.members.remove(at.tea, id)
    expect(await seen()).toBe(false)
  })
})

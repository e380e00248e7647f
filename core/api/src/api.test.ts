import { expect, test } from 'vitest'
import { owner, useShop } from './test-support.ts'

const shop = useShop()

test('the first registration makes the administrator, and the door closes behind it', async () => {
  const first = shop.browser()
  const before = await first.send('GET', '/api/session')
  expect(before.body).toEqual({ user: null, needsSetup: true, csrfToken: '' })
  expect((await first.send('POST', '/api/users', owner)).body).toMatchObject({
    isAdministrator: true,
  })
  const second = await first.send('POST', '/api/users', { ...owner, email: 'b@example.com' })
  expect(second).toMatchObject({ status: 401, body: { status: 401, title: 'Unauthorized' } })
})

test('a visitor buys what the owner added, and the owner marks it as paid', async () => {
  const desk = await shop.signedIn(owner)
  const tea = await desk.send('POST', '/api/products', { name: 'Tea', price: '21.50', stock: 3 })
  expect(tea).toMatchObject({ status: 201, body: { name: 'Tea', price: '21.50', stock: 3 } })

  const visitor = shop.browser()
  const cart = await visitor.send('POST', '/api/carts', {})
  const item = `/api/carts/${cart.body.id}/items/${tea.body.id}`
  expect((await visitor.send('PUT', item, { quantity: 4 })).status).toBe(409)
  expect((await visitor.send('PUT', item, { quantity: 2 })).body).toMatchObject({ total: '43.00' })
  const invoice = await visitor.send('POST', `/api/carts/${cart.body.id}/checkout`, {
    email: 'buyer@example.com',
  })
  expect(invoice).toMatchObject({ status: 201, body: { status: 'pending', amount: '43.00' } })

  const url = `/api/invoices/${invoice.body.id}`
  expect((await visitor.send('POST', `${url}/mark-paid`)).status).toBe(401)
  expect((await desk.send('POST', `${url}/mark-paid`)).body).toMatchObject({ status: 'complete' })
  expect((await visitor.send('GET', url)).body).toMatchObject({ status: 'complete' })
  expect((await desk.send('POST', `${url}/invalidate`)).status).toBe(409)
  expect((await visitor.send('GET', `/api/products/${tea.body.id}`)).body.stock).toBe(1)
})

test('a hidden product is seen by staff only', async () => {
  const desk = await shop.signedIn(owner)
  const visitor = shop.browser()
  const input = { name: 'Secret blend', price: '1', status: 'hidden' }
  const { body } = await desk.send('POST', '/api/products', input)
  const names = async (who: typeof desk) =>
    (await who.send('GET', '/api/products?all=true&search=blend')).body.items.map(
      (each: { name: string }) => each.name,
    )
  expect([await names(visitor), await names(desk)]).toEqual([[], ['Secret blend']])
  expect((await visitor.send('GET', `/api/products/${body.id}`)).status).toBe(404)
  expect((await desk.send('GET', `/api/products/${body.id}`)).status).toBe(200)
})

test('a cookie alone changes nothing: the page must send its token back', async () => {
  const desk = await shop.signedIn(owner)
  const token = desk.csrfToken
  desk.csrfToken = ''
  const body = { name: 'Forged', price: '1' }
  expect((await desk.send('POST', '/api/products', body)).status).toBe(403)
  desk.csrfToken = `${token.slice(0, -1)}-`
  expect((await desk.send('POST', '/api/products', body)).status).toBe(403)
  expect((await desk.send('DELETE', '/api/session')).status).toBe(403)
  const basic = await shop.app.inject({
    method: 'DELETE',
    url: '/api/session',
    headers: { authorization: 'Basic eDp5' },
    cookies: Object.fromEntries(desk.cookies),
  })
  expect(basic.statusCode).toBe(403)
  desk.csrfToken = token
  expect((await desk.send('DELETE', '/api/session')).status).toBe(204)
  desk.csrfToken = ''
  expect((await desk.send('GET', '/api/session')).body.user).toBeNull()
})

test('a form of another site is no JSON', async () => {
  const response = await shop.app.inject({
    method: 'POST',
    url: '/api/carts',
    headers: { 'content-type': 'text/plain' },
    payload: '{}',
  })
  expect(response.statusCode).toBe(415)
})

test('cookies are for http only, and for https where the page is', async () => {
  const cookieOf = async (headers: Record<string, string>) => {
    const { email, password } = owner
    const response = await shop.app.inject({
      method: 'POST',
      url: '/api/session',
      headers,
      payload: { email, password },
    })
    return String(response.headers['set-cookie']).replace(/session=[^;]+; /, '')
  }
  expect(await cookieOf({})).toBe('Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax')
  expect(await cookieOf({ 'x-forwarded-proto': 'https' })).toBe(
    'Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax',
  )
})

test('a token can do what it was made for, and no more', async () => {
  const desk = await shop.signedIn(owner)
  const made = await desk.send('POST', '/api/tokens', {
    name: 'Feed',
    permissions: ['products.manage'],
  })
  const as = async (authorization: string, url: string, payload?: object) =>
    (
      await shop.app.inject({
        method: payload ? 'POST' : 'GET',
        url,
        headers: { authorization },
        ...(payload ? { payload } : {}),
      })
    ).statusCode
  const bearer = `Bearer ${made.body.secret}`
  const product = { name: 'From a feed', price: '2' }
  expect([
    await as(bearer, '/api/products', product),
    await as(bearer, '/api/users'),
    await as(bearer, '/api/tokens', { name: 'wider', permissions: [] }),
    await as('Bearer wrong', '/api/products'),
  ]).toEqual([201, 403, 403, 401])
  const listed = await desk.send('GET', '/api/tokens')
  expect(JSON.stringify(listed.body)).not.toContain(made.body.secret)
  expect((await desk.send('DELETE', `/api/tokens/${made.body.id}`)).status).toBe(204)
  expect(await as(bearer, '/api/products', product)).toBe(401)
})

test('guessing a password is stopped', async () => {
  const guess = { email: 'guessed@example.com', password: 'wrong' }
  const browser = shop.browser()
  const answers: number[] = []
  for (let each = 0; each < 30 && answers.at(-1) !== 429; each++)
    answers.push((await browser.send('POST', '/api/session', guess)).status)
  expect([answers[0], answers.at(-1)]).toEqual([401, 429])
})

test('every error is a problem that says nothing of the inside', async () => {
  const browser = shop.browser()
  const problems = [
    await browser.send('GET', '/api/nothing'),
    await browser.send('GET', '/api/products?limit=many'),
    await browser.send('GET', '/api/plugins/guestbook/break'),
    await browser.send('GET', '/api/products/unknown'),
  ]
  expect(
    problems.map(({ body, headers }) => [headers['content-type'], body.status, body.detail]),
  ).toEqual([
    ['application/problem+json; charset=utf-8', 404, 'There is nothing here.'],
    ['application/problem+json; charset=utf-8', 422, 'Some fields do not fit.'],
    ['application/problem+json; charset=utf-8', 500, 'Something went wrong on our side.'],
    ['application/problem+json; charset=utf-8', 404, expect.stringContaining('product')],
  ])
  const broken = await shop.app.inject({
    method: 'POST',
    url: '/api/carts',
    headers: { 'content-type': 'application/json' },
    payload: '{"a"',
  })
  expect(broken.json()).toMatchObject({ status: 400, title: 'Bad Request' })
})

test('an answer names its request and keeps the browser strict', async () => {
  const { headers } = await shop.browser().send('GET', '/api/products')
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("script-src 'self';"),
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
})

test('a plugin knows a visitor again, and is not fooled by a forged cookie', async () => {
  const browser = shop.browser()
  const write = async () =>
    (await browser.send('POST', '/api/plugins/guestbook/entries/7?tags=a', { name: 'Al', age: 3 }))
      .body
  const first = await write()
  expect(first).toEqual({
    params: { page: 7 },
    query: { tags: ['a'] },
    body: { name: 'Al', age: 3 },
    visitor: expect.stringMatching(/^\S{22}$/),
    user: null,
  })
  expect((await write()).visitor).toBe(first.visitor)
  browser.cookies.set('visitor', `somebody-else.${'x'.repeat(32)}`)
  expect((await write()).visitor).not.toBe('somebody-else')
})

test('the server says whether it lives and is ready', async () => {
  const browser = shop.browser()
  expect((await browser.send('GET', '/health/live')).body).toEqual({ status: 'live' })
  expect((await browser.send('GET', '/health/ready')).body).toEqual({
    status: 'ready',
    parts: { database: true, queue: true },
  })
})

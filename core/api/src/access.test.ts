import { beforeAll, expect, test } from 'vitest'
import { coreRoutes } from './core-routes.ts'
import { pluginRouteKey } from './schemas.ts'
import { owner, useShop, wiring } from './test-support.ts'

const shop = useShop()
const staff = { email: 'staff@example.com', name: 'Staff', password: 'correct horse' }
const guarded = [
  ...Object.entries(coreRoutes),
  ...wiring.api.routes.flatMap(({ plugin, routes }) =>
    Object.entries(routes).map(([key, route]) => [pluginRouteKey(plugin, key), route] as const),
  ),
].filter(([, { shape }]) => shape.permission !== 'public')

beforeAll(async () => {
  await shop.browser().send('POST', '/api/users', owner)
  await (await shop.signedIn(owner)).send('POST', '/api/users', { ...staff, permissions: [] })
}, 60_000)

test('what is open to everybody is a short list, and all else is guarded', () => {
  const open = Object.entries(coreRoutes)
    .filter(([, { shape }]) => shape.permission === 'public')
    .map(([key]) => key)
  expect(open).toEqual([
    'GET /api/session',
    'POST /api/session',
    'DELETE /api/session',
    'POST /api/users',
    'GET /api/stores',
    'GET /api/stores/:id',
    'GET /api/stores/:id/checkout',
    'GET /api/theme.css',
    'GET /api/products',
    'GET /api/categories',
    'GET /api/products/:id',
    'GET /api/files/:id',
    'POST /api/carts',
    'GET /api/carts/:id',
    'PATCH /api/carts/:id',
    'PUT /api/carts/:id/items/:productId',
    'POST /api/carts/:id/checkout',
    'GET /api/invoices/:id',
    'GET /api/invoices/:id/events',
    'POST /api/invoices/:id/payment-method',
    'GET /api/payment-methods',
    'GET /api/distribution',
  ])
})

test('a guarded route refuses a visitor, and staff without its permission, whatever they send', async () => {
  const visitor = shop.browser()
  const clerk = await shop.signedIn(staff)
  const answers = await Promise.all(
    guarded.map(async ([key, { shape }]) => {
      const [method, path] = key.split(' ') as ['GET', string] // a route key: method, one space, path
      const url = path.replaceAll(/:\w+/g, 'x')
      return [
        key,
        (await visitor.send(method, url)).status,
        shape.permission === 'user' ? 403 : (await clerk.send(method, url)).status,
      ]
    }),
  )
  expect(answers).toEqual(guarded.map(([key]) => [key, 401, 403]))
})

test('a permission opens its own routes only', async () => {
  const desk = await shop.signedIn(owner)
  const reader = { ...staff, email: 'reader@example.com', permissions: ['guestbook.read'] }
  expect((await desk.send('POST', '/api/users', reader)).status).toBe(201)
  const browser = await shop.signedIn(reader)
  expect((await browser.send('GET', '/api/plugins/guestbook')).body).toEqual([])
  expect((await browser.send('GET', '/api/settings')).status).toBe(403)
})

test('nobody gives a right that they do not hold', async () => {
  const desk = await shop.signedIn(owner)
  const manager = { ...staff, email: 'manager@example.com', permissions: ['users.manage'] }
  const made = await desk.send('POST', '/api/users', manager)
  const browser = await shop.signedIn(manager)
  const all = (await desk.send('GET', '/api/users')).body as { id: string; email: string }[]
  const ownerId = all.find(({ email }) => email === owner.email)?.id
  const add = { ...staff, email: 'new@example.com' }
  expect([
    (await browser.send('POST', '/api/users', { ...add, permissions: ['settings.manage'] })).status,
    (await browser.send('POST', '/api/users', { ...add, permissions: ['no.such'] })).status,
    (await browser.send('PATCH', `/api/users/${made.body.id}`, { isAdministrator: true })).status,
    (await browser.send('PATCH', `/api/users/${ownerId}`, { password: 'taken over!' })).status,
    (await browser.send('DELETE', `/api/users/${ownerId}`)).status,
    (await browser.send('POST', '/api/users', { ...add, permissions: ['users.manage'] })).status,
  ]).toEqual([403, 422, 403, 403, 403, 201])
  expect((await desk.send('DELETE', `/api/users/${ownerId}`)).status).toBe(409)
})

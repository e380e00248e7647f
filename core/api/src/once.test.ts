import { beforeAll, describe, expect, test } from 'vitest'
import type { InjectOptions } from 'fastify'
import { databases } from '@bitcartcc/domain/test-support'
import type { User } from '@bitcartcc/sdk/resources'
import { openApi } from './openapi.ts'
import { requestFor } from './test-requests.ts'
import { distribution, owner, useShop, wiring } from './test-support.ts'

const document = JSON.parse(JSON.stringify(openApi(wiring, distribution))) as {
  paths: Record<string, Record<string, { responses: object; parameters: { name: string }[] }>>
} // made above
const posts = Object.entries(document.paths).flatMap(([path, { post }]) =>
  post ? [[`POST ${path}`, post] as const] : [],
)
const creations = posts
  .filter(([, { responses }]) => '201' in responses)
  .map(([operation]) => operation)

/** What is another request for each: another body, or another thing where there is none. */
const otherwise: Readonly<Record<string, object>> = {
  'POST /api/users': { name: 'Other' },
  'POST /api/tokens': { name: 'Other' },
  'POST /api/stores': { name: 'Other' },
  'POST /api/stores/{id}/members': { role: 'manager' },
  'POST /api/products': { name: 'Other' },
  'POST /api/carts': { storeId: 'other' },
  'POST /api/carts/{id}/checkout': { email: 'other@example.com' },
  'POST /api/stores/{id}/webhooks': { events: ['product.deleted'] },
  'POST /api/stores/{id}/notices': { events: ['invoice.paid'] },
  'POST /api/webhook-deliveries/{id}/redeliver': { again: true },
}

test('whatever is made is made by an operation that takes a key, and no other takes one', () => {
  expect(creations.toSorted()).toEqual(Object.keys(otherwise).toSorted())
  expect(
    posts
      .filter(([, { parameters }]) => parameters.some(({ name }) => name === 'idempotency-key'))
      .map(([operation]) => operation),
  ).toEqual(creations)
})

describe.each(databases)('on $name', { timeout: 60_000 }, (database) => {
  const shop = useShop({}, database)
  let administrator: User
  let token = ''
  beforeAll(async () => {
    administrator = await shop.domain.users.create({ ...owner, permissions: [] })
    token = (await shop.domain.tokens.create(administrator.id, 'All', [])).secret
  }, 60_000)

  const send = async (request: InjectOptions, key: string, headers: object = {}) => {
    const { statusCode, body } = await shop.app.inject({
      ...request,
      headers: { ...request.headers, ...headers, 'idempotency-key': key },
    })
    return { status: statusCode, body: JSON.parse(body) }
  }

  test.each(creations)(
    '%s: once for each key, however often and whenever it is sent',
    async (operation) => {
      // A token is made by whoever signed in; all else by a program.
      const headers =
        operation === 'POST /api/tokens'
          ? await signedIn()
          : operation.includes('/carts')
            ? {}
            : { authorization: `Bearer ${token}` }
      const request = await requestFor(shop, operation, administrator)
      const key = `a-key-that-nobody-guesses ${operation}`.replaceAll(/[^a-z-]/g, '')
      const [first, second, third] = await Promise.all([
        send(request, key, headers),
        send(request, key, headers),
        send(request, key, headers),
      ])
      expect(first.status).toBe(201)
      expect([second, third, await send(request, key, headers)]).toEqual([first, first, first])

      const other = await requestFor(shop, operation, administrator)
      const changed = operation.endsWith('/redeliver')
        ? other
        : { ...request, payload: { ...(request.payload as object), ...otherwise[operation] } }
      expect(await send(changed, key, headers)).toEqual(
        expect.objectContaining({
          status: 422,
          body: expect.objectContaining({
            errors: [{ field: 'idempotency-key', says: 'was sent with another request before' }],
          }),
        }),
      )
      const again = await send(other, `${key}-2`, headers)
      expect([
        again.status,
        again.body.id === first.body.id && again.body.userId === undefined,
      ]).toEqual([201, false])
    },
  )

  test('what failed is not kept, and the next try counts', async () => {
    const headers = { authorization: `Bearer ${token}` }
    const request = {
      method: 'POST' as const,
      url: '/api/products',
      payload: { name: 'A', price: '1.999' },
    }
    const good = { ...request, payload: { name: 'A', price: '1.99' } }
    expect([
      (await send(request, 'k', headers)).status,
      (await send(good, 'k', headers)).status,
    ]).toEqual([422, 201])
  })

  test('a key of one is none of another, and one that can be guessed opens nothing to strangers', async () => {
    const request = { method: 'POST' as const, url: '/api/carts', payload: {} }
    expect([await send(request, 'one'), (await send(request, ' ')).status]).toEqual([
      {
        status: 422,
        body: expect.objectContaining({
          detail: 'idempotency-key: must have at least 16 characters where nobody is signed in',
        }),
      },
      422,
    ])
    const other = await shop.domain.users.create({
      ...owner,
      email: 'other@example.com',
      permissions: ['products.manage'],
    })
    const theirs = (await shop.domain.tokens.create(other.id, 'Theirs', [])).secret
    const product = {
      method: 'POST' as const,
      url: '/api/products',
      payload: { name: 'B', price: '1' },
    }
    const mine = await send(product, 'same', { authorization: `Bearer ${token}` })
    const another = await send(product, 'same', { authorization: `Bearer ${theirs}` })
    expect([mine.status, another.status, mine.body.id === another.body.id]).toEqual([
      201,
      201,
      false,
    ])
  })

  async function signedIn() {
    const { csrfTokenOf } = await import('./http/cookies.ts')
    const session = await shop.domain.sessions.create(administrator.id)
    return { cookie: `session=${session}`, 'x-csrf-token': csrfTokenOf(session) }
  }
})

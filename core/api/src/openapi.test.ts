import { expect, test } from 'vitest'
import { coreEventNames } from '@bitcartcc/sdk/names'
import { openApi } from './openapi.ts'
import { coreRoutes } from './core-routes.ts'
import { distribution, wiring } from './test-support.ts'

interface Operation {
  operationId: string
  tags: string[]
  description?: string
  security: object[]
  parameters: { name: string; in: string; required: boolean }[]
}
const document = JSON.parse(JSON.stringify(openApi(wiring, distribution))) as {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  webhooks: Record<string, Record<string, Operation>>
} // made above
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
)

test('every route is described once, under a name of its own', () => {
  expect(document.openapi).toBe('3.1.0')
  const keys = operations.map(([key]) => key.replaceAll(/\{(\w+)\}/g, ':$1'))
  expect(keys.toSorted()).toEqual(
    [
      ...Object.keys(coreRoutes),
      'GET /api/plugins/guestbook',
      'POST /api/plugins/guestbook/entries/:page',
      'POST /api/plugins/guestbook/letters',
      'GET /api/plugins/guestbook/pages/:from',
      'GET /api/plugins/guestbook/break',
    ].toSorted(),
  )
  const ids = operations.map(([, { operationId }]) => operationId)
  expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
})

test('a path names its parameters, each of them described', () => {
  const wrong = operations.filter(([key, { parameters }]) => {
    const named = [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const described = parameters
      .filter((each) => each.in === 'path' && each.required)
      .map(({ name }) => name)
    return named.join() !== described.join()
  })
  expect(wrong.map(([key]) => key)).toEqual([])
})

test('every event of core is described as a webhook, with the header that signs it', () => {
  expect(Object.keys(document.webhooks)).toEqual(coreEventNames)
  expect(document.webhooks['invoice.paid']?.['post']?.parameters.map(({ name }) => name)).toEqual([
    'bitcartcc-event',
    'bitcartcc-delivery',
    'bitcartcc-signature',
  ])
})

test('who may call it stands in the document', () => {
  const { description, security, tags } =
    document.paths['/api/plugins/guestbook']?.['get'] ?? ({} as Operation) // absent would fail below
  expect({ description, security, tags }).toEqual({
    description: 'Needs the permission guestbook.read.',
    security: [{ token: [] }, { session: [] }],
    tags: ['guestbook'],
  })
  expect(document.paths['/api/products']?.['get']?.security).toEqual([])
})

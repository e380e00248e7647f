import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop, until, type Shop } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.stop())

test('the status page stands under the shop’s own address and tells that all is up', async () => {
  const status = await until(
    async () => {
      const response = await fetch(`${shop.url}/status/status.json`)
      return response.ok
        ? ((await response.json()) as {
            isUp: boolean
            parts: { name: string }[]
            shop: { name: string }
          })
        : undefined // our own JSON
    },
    (answer) => answer?.isUp === true,
  )
  expect([status?.shop.name, status?.parts.map((part) => part.name)]).toEqual([
    'standard',
    ['server', 'database', 'queue'],
  ])
  const page = await fetch(`${shop.url}/status`)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(await page.text()).toContain('Everything works')
})

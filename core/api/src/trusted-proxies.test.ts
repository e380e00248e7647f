import { expect, test } from 'vitest'
import { owner, useShop } from './test-support.ts'

const shop = useShop({ trustProxy: '10.0.0.5' })

test('X-Forwarded-… are believed of the proxies that were named, and of nobody else', async () => {
  await shop.domain.users.create({ ...owner, permissions: [] })
  const isSecure = async (remoteAddress: string) => {
    const response = await shop.app.inject({
      method: 'POST',
      url: '/api/session',
      remoteAddress,
      headers: { 'x-forwarded-proto': 'https' },
      payload: { email: owner.email, password: owner.password },
    })
    return String(response.headers['set-cookie']).includes('; Secure;')
  }
  expect(await isSecure('10.0.0.5')).toBe(true)
  for (const other of ['10.0.0.6', '127.0.0.1', '203.0.113.7'])
    expect(await isSecure(other)).toBe(false)
})

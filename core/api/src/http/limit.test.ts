import { expect, onTestFinished, test, vi } from 'vitest'
import { owner, useShop } from '../test-support.ts'

const shop = useShop()

test('one address makes as many carts and orders as the setting says, and others are not held up by it', async () => {
  // However slow the machine is, all of it happens within one minute.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date() })
  onTestFinished(() => void vi.useRealTimers())
  await shop.domain.users.create({ ...owner, permissions: [] })
  await shop.domain.settings.set('core', 'ordersPerMinute', 3)
  const from = async (address: string, url = '/api/carts') => {
    const answer = await shop.app.inject({
      method: 'POST',
      url,
      payload: url === '/api/carts' ? {} : { email: 'buyer@example.com' },
      headers: { 'x-forwarded-for': address },
    })
    return [answer.statusCode, answer.json().detail]
  }
  const tooMuch = [429, 'Too much was asked for from here. Try again in a minute.']
  const answers = []
  for (let times = 0; times < 4; times += 1) answers.push(await from('203.0.113.7'))
  expect(answers.map(([status]) => status)).toEqual([201, 201, 201, 429])
  expect([
    answers.at(-1),
    (await from('203.0.113.7', '/api/carts/none/checkout'))[0],
    (await from('203.0.113.8'))[0],
    (await shop.browser().send('GET', '/api/products')).status,
  ]).toEqual([tooMuch, 404, 201, 200])
  await shop.domain.settings.set('core', 'ordersPerMinute', 0)
  vi.setSystemTime(Date.now() + 1000)
  expect((await from('203.0.113.7'))[0]).toBe(201)
})

import { afterAll, expect, test } from 'vitest'
import type { Invoice } from '@bitcartcc/sdk/resources'
import { openBrowser } from '../support/browser.ts'
import { builtWithPresents, serve } from '../support/distribution.ts'
import { signedIn } from './shop.ts'

const found = await openBrowser()
const word = found.ok ? '' : ` (skipped: no browser starts here: ${found.why})`
afterAll(async () => {
  if (found.ok) await found.browser.close()
})

test.skipIf(!found.ok)(
  `what a buyer writes at checkout is found on the invoice${word}`,
  async () => {
    if (!found.ok) return
    const served = await serve(await builtWithPresents())
    try {
      const shop = await signedIn(served)
      await shop.get('POST', '/products', { name: 'Mug', price: '12.50' })
      const page = await found.browser.newPage({ baseURL: served.url })
      await page.goto('/')
      await page.getByRole('link', { name: 'Mug', exact: true }).click()
      await page.getByRole('button', { name: 'Add to cart' }).click()
      await page.getByRole('button', { name: 'Added' }).waitFor()
      await page.goto('/checkout')
      await page.getByLabel('Gift message').fill('For Ada, who likes tea')
      const noted = page.waitForResponse((answer) => answer.request().method() === 'PATCH')
      await page.getByLabel('E-mail address').fill('buyer@example.com')
      await noted
      await page.reload()
      expect(await page.getByLabel('Gift message').inputValue()).toBe('For Ada, who likes tea')
      await page.getByLabel('E-mail address').fill('buyer@example.com')
      // Written last, and not left before the order is placed: the order waits for it.
      await page.getByLabel('Gift message').fill('For Ada')
      await page.getByRole('button', { name: 'Place order' }).click()
      await page.waitForURL(/\/invoices\//)
      const { items } = await shop.get<{ items: Invoice[] }>('GET', '/invoices')
      expect(items.map(({ metadata }) => metadata)).toEqual([
        { 'gift-message': { message: 'For Ada' } },
      ])
      const desk = `/invoices?metadata=${encodeURIComponent('gift-message.message:For Ada')}`
      expect((await shop.get<{ items: Invoice[] }>('GET', desk)).items).toHaveLength(1)
      await page.close()
    } finally {
      await served.stop()
    }
  },
  600_000,
)

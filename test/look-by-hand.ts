import { openBrowser } from './support/browser.ts'
process.env['COMPOSE_TEST_FOLDER'] = '/tmp/pay-browser'
const base = 'http://127.0.0.1:18980'
const found = await openBrowser()
if (!found.ok) throw new Error(found.why)
const { browser } = found
const key =
  'vpub5YvMuJNjRSYon44z9QmCfdf8SqJRVNvz6m55Qy5iVjZQxDfUgtiQjnc7CC1fAbED2tAGCZRERUfvtn2DstZGU6HMns6dXXH2wujSc2wfi2x'
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
const page = await context.newPage()
page.on('console', (m) => {
  if (m.type() === 'error') console.log('console', m.text())
})
page.on('pageerror', (e) => console.log('pageerror', e.message))
const shot = async (name: string, p = page) =>
  p.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: true })
await page.goto(base + '/admin/')
await page.waitForTimeout(1500)
if (page.url().includes('setup')) {
  await page
    .getByLabel('Your name')
    .fill('Owner')
    .catch(() => page.getByLabel('Name').fill('Owner'))
  await page.locator('input[type=email]').fill('owner@example.com')
  for (const input of await page.locator('input[type=password]').all())
    await input.fill('a long and good password')
  await page.locator('button[type=submit]').click()
} else {
  await page.locator('input[type=email]').fill('owner@example.com')
  await page.locator('input[type=password]').fill('a long and good password')
  await page.locator('button[type=submit]').click()
}
await page.waitForTimeout(1500)
await page.goto(base + '/admin/stores')
await page.waitForTimeout(800)
await shot('stores')
await page
  .getByRole('link', { name: /is paid/ })
  .first()
  .click()
await page.waitForTimeout(800)
await shot('accounts-empty')
await page.getByLabel('Extended public key').fill(key)
await page.getByLabel('Esplora server').fill('http://127.0.0.1:18990/api')
await page.getByRole('button', { name: 'Check' }).click()
await page.waitForTimeout(800)
await shot('accounts-error')
await page.getByLabel('Price of one bitcoin').fill('65000 USD')
await page.getByRole('button', { name: 'Save' }).click()
await page.waitForTimeout(1200)
await shot('accounts-saved')
const token = await page.evaluate(
  async () => (await (await fetch('/api/session')).json()).csrfToken,
)
await page.evaluate(
  async (csrf) =>
    fetch('/api/products', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
      body: JSON.stringify({ name: 'Blue mug', price: '13', stock: 5 }),
    }),
  token,
)
await page.goto(base + '/')
await page.waitForTimeout(800)
await page.getByText('Blue mug').first().click()
await page.waitForTimeout(800)
await page.getByRole('button', { name: /cart/i }).last().click()
await page.waitForTimeout(800)
await page.goto(base + '/checkout')
await page.waitForTimeout(1000)
await page.locator('input[type=email]').fill('buyer@example.com')
await shot('checkout')
await page.getByRole('button', { name: 'Place order' }).click()
await page.waitForTimeout(2000)
await shot('invoice')
await page.setViewportSize({ width: 390, height: 844 })
await page.emulateMedia({ colorScheme: 'dark' })
await page.waitForTimeout(500)
await shot('invoice-phone')
await page.setViewportSize({ width: 1280, height: 900 })
await page.emulateMedia({ colorScheme: 'light' })
const id = page.url().split('/').at(-1)?.split('?')[0]
const invoice = (await (await fetch(`${base}/api/invoices/${id}`)).json()) as any
const pay = (satoshi: number) =>
  fetch('http://127.0.0.1:18991/pay', {
    method: 'POST',
    body: JSON.stringify({ address: invoice.payment.request.address, satoshi }),
  })
await pay(5000)
await page.getByText('A part of it has arrived').waitFor({ timeout: 40000 })
await shot('invoice-part')
await pay(15000)
await page.getByText('Payment seen').first().waitFor({ timeout: 40000 })
await shot('invoice-paid')
await page.goto(base + `/admin/invoices/${id}`)
await page.waitForTimeout(1000)
await shot('admin-invoice')
await fetch('http://127.0.0.1:18991/mine', { method: 'POST', body: '{"blocks":1}' })
await page.goto(base + `/invoices/${id}`)
await page.getByText('Paid, thank you').first().waitFor({ timeout: 60000 })
await shot('invoice-complete')
await browser.close()
process.exit(0)

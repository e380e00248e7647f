import { mkdir } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AxeResults } from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest'
import { openBrowser, quietness } from '../support/browser.ts'
import { isCi } from '../support/ci.ts'
import { root } from '../support/compose.ts'
import { builtStandard, serve, type Served } from '../support/distribution.ts'
import { pngPicture } from '../support/picture.ts'
import { randomFrom, seed } from '../support/random.ts'

/** What the test needs of an <img>. */
interface Picture {
  decode(): Promise<void>
  readonly naturalWidth: number
}
/** Each look changes one thing of the one before. */
const looks = [
  { name: 'desktop light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { name: 'desktop dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { name: 'phone dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  { name: 'phone light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
] as const
/** Outside of CI a page is looked at as it is on a desktop; and every second one, another half each time, dark and on a phone. */
const start = seed()
const half = Math.floor(randomFrom(start)() * 2)
const looksOf = (at: number) => (isCi ? looks : at % 2 === half ? [looks[0], looks[2]] : [looks[0]])
const pages = {
  'store home': '/',
  'store product': '',
  'store cart': '/cart',
  'store checkout': '/checkout',
  'store invoice': '',
  'store nothing': '/nowhere',
  'admin dashboard': '/admin/',
  'admin products': '/admin/products',
  'admin product': '/admin/products/new',
  'admin invoices': '/admin/invoices',
  'admin stores': '/admin/stores',
  'admin store': '',
  'admin store settings': '/settings',
  'admin members': '/members',
  'admin payments': '/payments',
  'admin users': '/admin/users',
  'admin rates': '/admin/rates',
  'admin notices': '/notices',
  'admin texts': '/texts',
  'admin webhooks': '/webhooks',
  'admin jobs': '/admin/jobs',
  'admin changes': '/admin/changes',
  'admin settings': '/admin/settings',
  'admin distribution': '/admin/distribution',
  'admin ratings': '/admin/plugins/ratings/ratings',
  'admin imports': '/admin/plugins/batch-import/imports',
  status: '/status',
} as const
const titles = Object.keys(pages) as (keyof typeof pages)[] // a plain object has no other keys
const screens = join(root, 'test/.screens')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/**
 * Waits until a page is painted, and counts its transitions: there are none where motion is reduced. What axe has looked at
 * inside of a closed <details> would keep its own without end.
 */
const settled = `(async () => {
  const frame = () => new Promise(requestAnimationFrame)
  await frame()
  await frame()
  return document.getAnimations().filter((each) => each instanceof CSSTransition).length
})()`
const found = await openBrowser()
const word = found.ok ? '' : ` (skipped: no browser starts here: ${found.why})`

describe.skipIf(!found.ok)(`the standard distribution in a browser${word}`, () => {
  let server: Served
  let context: BrowserContext
  let desk: Page
  let shop: Page
  /** Where every page is looked at, one after the other: signed in, as the story left it. */
  let eyes: { readonly page: Page; readonly quiet: () => Promise<void> } | undefined
  let invoicePath = ''
  let productPath = ''
  let storePath = ''
  /** Console errors and uncaught errors of every page, in order. */
  const complaints: string[] = []

  // Where containers of other tests come and go, the browser breaks off what it asks for: it says so of the machine's network.
  const isOfMachine = (text: string) => text.endsWith('net::ERR_NETWORK_CHANGED')
  const watched = (page: Page) => {
    page.on('console', (message) => {
      const text = message.text()
      if (message.type() === 'error' && !isOfMachine(text))
        complaints.push(`${page.url()}: ${text}`)
    })
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
    page.setDefaultTimeout(20_000)
    return page
  }

  beforeAll(async () => {
    if (!found.ok) return
    if (isCi) await mkdir(screens, { recursive: true })
    const { folder } = await builtStandard()
    // Nobody outside of this machine is asked for a rate.
    const nobody = 'http://127.0.0.1:1'
    server = await serve(folder, {
      env: { RATES_COINGECKO_URL: nobody, RATES_KRAKEN_URL: nobody },
    })
    context = await found.browser.newContext({
      baseURL: server.url,
      viewport: { width: 1280, height: 800 },
    })
    desk = watched(await context.newPage())
    shop = watched(await context.newPage())
  }, 600_000)
  afterAll(async () => {
    if (found.ok) await found.browser.close()
    await server?.stop()
  })

  /** One story: what follows a broken step cannot be told. */
  let isBroken = false
  beforeEach((step) => {
    if (isBroken) step.skip('a step before it failed')
    onTestFailed(() => {
      isBroken = true
    })
  })

  test('the first visitor of the admin makes the first account', async () => {
    await desk.goto('/admin/')
    await desk.getByLabel('Your name').fill('Ada')
    await desk.getByLabel('Email').fill('ada@example.com')
    await desk.getByLabel('Password').fill('three calm otters')
    await desk.getByRole('button', { name: 'Create account and begin' }).click()
    await desk.getByRole('heading', { name: 'First steps' }).waitFor()
  })

  test('a product with a picture is added', async () => {
    await desk.goto('/admin/products/new')
    await desk.getByLabel(/^Name/).fill('Stoneware mug')
    await desk.getByLabel('Description').fill('Made by hand.\nHolds 350 ml.')
    await desk.getByLabel('Category').fill('Kitchen')
    await desk.getByLabel(/^Price/).fill('21.50')
    await desk.getByLabel('Count the stock').check()
    await desk.getByLabel('Pieces in stock').fill('20')
    await desk
      .locator('input[type=file]')
      .setInputFiles({ name: 'mug.png', mimeType: 'image/png', buffer: pngPicture(600) })
    await desk.getByRole('button', { name: 'Add product' }).click()
    await desk.getByRole('link', { name: 'Edit Stoneware mug' }).waitFor()
  })

  test('a customer finds it, and buys two', async () => {
    await shop.goto('/')
    await shop.getByRole('link', { name: 'Stoneware mug', exact: true }).click()
    await shop.getByRole('heading', { level: 1, name: 'Stoneware mug' }).waitFor()
    productPath = new URL(shop.url()).pathname
    expect(
      await shop
        .getByRole('img', { name: 'Stoneware mug' })
        .evaluate((img: Picture) => img.decode().then(() => img.naturalWidth)),
    ).toBe(600)
    await shop.getByRole('button', { name: 'One more' }).click()
    await shop.getByRole('button', { name: 'Add to cart' }).click()
    await shop.getByRole('link', { name: 'See the cart' }).click()
    await shop.getByRole('link', { name: 'Go to checkout' }).click()
    await shop.getByLabel('E-mail address').fill('buyer@example.com')
    await shop.getByRole('button', { name: 'Place order' }).click()
    await shop.getByRole('heading', { level: 1, name: 'Waiting for your payment' }).waitFor()
    invoicePath = new URL(shop.url()).pathname
    expect(await shop.getByRole('region', { name: 'How to pay' }).innerText()).toContain('43.00')
  })

  test('the merchant marks it as paid, and the customer sees it without a reload', async () => {
    await desk.goto('/admin/invoices')
    await desk.getByRole('table').getByRole('link').first().click()
    await desk.getByRole('button', { name: 'Mark as paid' }).click()
    await desk.getByRole('dialog').getByRole('button', { name: 'Mark as paid' }).click()
    await shop.bringToFront()
    await shop.getByRole('heading', { level: 1, name: 'Paid, thank you' }).waitFor()
  })

  test('the customer is asked to rate it, and does', async () => {
    await shop.getByRole('link', { name: 'Rate it' }).click()
    await shop.getByText('Nobody has rated this yet').waitFor()
    await shop.getByLabel('5 of 5: Excellent').check({ force: true })
    await shop.getByRole('button', { name: 'Rate', exact: true }).click()
    await shop.getByText('of 5, 1 rating').waitFor()
    await shop.goto('/')
    await shop.getByRole('img', { name: 'Rated 5.0 of 5 by 1 customer' }).waitFor()
  })

  test('a file of products is imported', async () => {
    await desk.bringToFront()
    await desk.goto('/admin/products')
    await desk.getByRole('button', { name: 'Import' }).click()
    const rows = [
      'Walnut board,48.00,3',
      'Linen towel,18.90,',
      'Wool throw,129.00,0',
      'Brass pen,no,1',
    ]
    await desk
      .getByRole('dialog')
      .locator('input[type=file]')
      .setInputFiles({
        name: 'products.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(['name,price,stock', ...rows].join('\n')),
      })
    await desk.getByRole('button', { name: 'Import 3 products' }).click()
    await desk.getByText('3 products are added').waitFor()
    await desk.getByRole('button', { name: 'Close', exact: true }).last().click()
    await desk.getByRole('link', { name: 'Edit Wool throw' }).waitFor()
    await shop.goto('/?search=linen')
    await shop.getByRole('link', { name: 'Linen towel', exact: true }).waitFor()
  })

  test('what is added while the cart is still being read stays in it', async () => {
    if (!found.ok) return
    const own = await found.browser.newContext({ baseURL: server.url })
    const page = watched(await own.newPage())
    const add = page.getByRole('button', { name: 'Add to cart' })
    await page.goto(productPath)
    await add.click()
    await page.getByText('1 in your cart.').waitFor()
    const { promise: isLate, resolve: letThrough } = Promise.withResolvers<undefined>()
    let reads = 0
    await page.route(/\/api\/carts\/[^/]+$/, async (route) => {
      reads += 1
      if (reads > 1) return route.continue()
      const response = await route.fetch()
      await isLate
      return route.fulfill({ response })
    })
    await page.reload()
    await add.click()
    // Long enough for what does not wait for the first answer.
    await delay(500)
    const first = page.waitForResponse(/\/api\/carts\/[^/]+$/)
    letThrough(undefined)
    await (await first).finished()
    await page.getByText('2 in your cart.').waitFor()
    await quietness(page)()
    expect(await page.getByText('2 in your cart.').count()).toBe(1)
    await own.close()
  })

  test('on a phone the way to the checkout is in view, however long the cart is', async () => {
    if (!found.ok) return
    const own = await found.browser.newContext({
      baseURL: server.url,
      viewport: { width: 390, height: 600 },
    })
    const page = watched(await own.newPage())
    for (const name of ['Stoneware mug', 'Walnut board', 'Linen towel']) {
      await page.goto('/')
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('button', { name: 'Add to cart' }).click()
      await page.getByRole('link', { name: 'See the cart' }).waitFor()
    }
    await page.goto('/cart')
    const way = page.getByRole('link', { name: 'Go to checkout' })
    await way.waitFor()
    /** From the upper edge of the screen to the lower edge of the button. */
    const reach = async () => {
      const { y = 0, height = 0 } = (await way.boundingBox()) ?? {}
      return Math.round(y + height)
    }
    const atFirst = await reach()
    await page.getByText('3 pieces.').scrollIntoViewIfNeeded()
    expect(await page.evaluate('scrollY > 0')).toBe(true)
    expect([atFirst <= 600, atFirst > 540, (await reach()) < atFirst]).toEqual([true, true, true])
    await way.click()
    await page.getByRole('heading', { level: 1, name: 'Checkout' }).waitFor()
    await own.close()
  })

  test('many products are sorted, chosen and hidden at once, and shown again', async () => {
    const table = desk.getByRole('table', { name: 'Products' })
    await table.getByRole('button', { name: 'Price' }).click()
    await table
      .getByRole('columnheader', { name: 'Price' })
      .and(desk.locator('[aria-sort=ascending]'))
      .waitFor()
    await table.getByRole('row').nth(1).getByText('Linen towel').waitFor()
    for (const [action, done] of [
      ['Hide', '2 products are hidden'],
      ['Show', '2 products are shown'],
    ] as const) {
      await desk.getByRole('checkbox', { name: 'Choose Linen towel' }).check()
      await desk.getByRole('checkbox', { name: 'Choose Wool throw' }).check()
      const bar = desk.getByRole('group', { name: 'What is chosen' })
      expect(await bar.getByRole('status').innerText()).toBe('2 chosen')
      await bar.getByRole('button', { name: action }).click()
      await desk.getByRole('dialog').getByRole('button', { name: action }).click()
      await desk.getByText(done).waitFor()
    }
  })

  test('plugins show what they know on the pages of core', async () => {
    await desk.goto('/admin/')
    const card = desk.locator('section').filter({ hasText: 'Newest ratings' })
    await card.getByRole('link', { name: 'Stoneware mug' }).click()
    await desk.getByText('of 5, 1 rating').waitFor()
    await shop.goto('/')
    await shop.getByRole('link', { name: 'All systems work' }).waitFor()
  })

  test('an owner lets somebody in, who may look and no more', async () => {
    if (!found.ok) return
    const clerk = { email: 'vi@example.com', password: 'three calm otters' }
    await desk.goto('/admin/users/new')
    await desk.getByLabel(/^Name/).fill('Vi')
    await desk.getByLabel(/^Email/).fill(clerk.email)
    await desk.getByLabel(/^Password/).fill(clerk.password)
    await desk.getByRole('button', { name: 'Add user' }).click()
    await desk.getByRole('link', { name: 'Edit Vi' }).waitFor()
    await desk.goto('/admin/stores')
    await desk.getByRole('link', { name: 'My store' }).click()
    await desk.getByRole('link', { name: 'Members', exact: true }).click()
    await desk.getByRole('button', { name: 'Add member' }).click()
    storePath = new URL(desk.url()).pathname.replace('/members', '')
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel(/^Email/).fill(clerk.email)
    await dialog.getByRole('button', { name: 'Add member' }).click()
    await desk.getByRole('button', { name: 'Remove Vi' }).waitFor()

    const own = await found.browser.newContext({ baseURL: server.url })
    const page = watched(await own.newPage())
    await page.goto('/admin/sign-in')
    await page.getByLabel('Email').fill(clerk.email)
    await page.getByLabel('Password').fill(clerk.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Products', exact: true }).click()
    await page.getByRole('link', { name: 'Stoneware mug' }).waitFor()
    expect(await page.getByRole('link', { name: /^Add product|^Edit / }).count()).toBe(0)
    await page.getByRole('link', { name: 'Stoneware mug' }).click()
    expect(await page.getByLabel(/^Name/).isDisabled()).toBe(true)
    // Where plugins can join a page is for who may see what the shop is made of.
    await page.goto('/admin/products?slots')
    await page.getByRole('link', { name: 'Stoneware mug' }).waitFor()
    expect(await page.locator('[data-slot]').count()).toBe(0)
    await page.goto(`${storePath}/members`)
    await page.getByText('You may not open this page').waitFor()
    await own.close()
  })

  test('what is typed when a session is over is saved once its user has signed in again over the page', async () => {
    if (!found.ok) return
    const own = await found.browser.newContext({ baseURL: server.url })
    await own.addCookies(await context.cookies())
    const page = watched(await own.newPage())
    await page.goto('/admin/products/new')
    // A field says what is wrong with it where it stands.
    await page.getByRole('button', { name: 'Add product' }).click()
    await page.getByText('Fill this in').first().waitFor()
    await page.getByLabel(/^Name/).fill('Teapot')
    await page.getByLabel(/^Price/).fill('40')
    const signInAgain = async () => {
      const dialog = page.getByRole('dialog', { name: 'Your session is over' })
      await dialog.getByLabel('Password').fill('three calm otters')
      await dialog.getByRole('button', { name: 'Sign in' }).click()
    }
    await own.clearCookies()
    await page.getByRole('button', { name: 'Add product' }).click()
    await signInAgain()
    await page.getByRole('button', { name: 'Delete Teapot' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete product' }).click()
    await page.getByText('Teapot is deleted').waitFor()
    // So it is where a plugin's page asks.
    await page.getByRole('link', { name: 'Ratings', exact: true }).click()
    await page.getByRole('link', { name: 'Stoneware mug' }).waitFor()
    await own.clearCookies()
    await page.getByLabel('Stars', { exact: true }).selectOption('4')
    await signInAgain()
    await page.getByText('No rating matches').waitFor()
    await own.close()
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/ 401 /.test(each)))
  })

  test('the merchant has themselves told, and reads why mail does not work yet', async () => {
    await desk.goto('/admin/stores')
    await desk.getByRole('link', { name: 'My store' }).click()
    await desk.getByRole('link', { name: 'Notices', exact: true }).click()
    await desk.getByRole('button', { name: 'Add notice' }).first().click()
    await desk.getByLabel('E-mail address').fill('ada@example.com')
    await desk.getByRole('button', { name: 'Send a test message' }).click()
    await desk.getByText('Mail has no SMTP server yet').waitFor()
    await desk.getByRole('dialog').getByRole('button', { name: 'Add notice' }).click()
    await desk.getByRole('heading', { name: 'ada@example.com, by E-mail' }).waitFor()
    await desk.getByRole('link', { name: 'Webhooks', exact: true }).click()
    await desk.getByText('No webhooks yet').waitFor()
    // A refusal is no error of the page.
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/ 409 /.test(each)))
  })

  test('a store says it in words of its own, and what cannot be said is shown by line', async () => {
    await desk.getByRole('link', { name: 'Texts' }).click()
    const template = desk.getByLabel('Template: To the buyer, about their order')
    await template.fill('Order {{number}}\nHello {{byer}}')
    await desk.getByText('line 2 has no variable byer').waitFor()
    await template.fill('Order {{number}}\nHello {{buyer}}')
    const preview = desk.getByRole('region', { name: 'Preview: To the buyer, about their order' })
    await preview.getByText('Hello buyer@example.com').waitFor()
    const panel = desk.locator('form').filter({ has: template })
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText('Words of this store').waitFor()
    await panel.getByRole('button', { name: 'Back to the shipped text' }).click()
    await preview.getByText('Thank you for your order').waitFor()
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/ 422 /.test(each)))
  })

  test('a note about a product leads to all with the same, and no buyer sees it', async () => {
    await desk.goto('/admin/products')
    await desk.getByRole('link', { name: /^Stoneware mug/ }).click()
    await desk.getByRole('button', { name: 'Edit metadata' }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel('Key').fill('supplier')
    await dialog.getByLabel('Value').fill('Clay & Sons')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await desk.getByRole('link', { name: 'Clay & Sons' }).click()
    await desk.getByText('supplier: Clay & Sons').waitFor()
    await desk.getByRole('link', { name: 'Edit Stoneware mug' }).waitFor()
    await shop.goto(productPath)
    await shop.getByRole('heading', { level: 1, name: 'Stoneware mug' }).waitFor()
    expect(await shop.getByText('Clay & Sons').count()).toBe(0)
  })

  test('a store is violet and dark as its merchant wants it, and light for a visitor who switches', async () => {
    const background = () => shop.evaluate('getComputedStyle(document.body).backgroundColor')
    const [white, dark] = ['rgb(255, 255, 255)', 'rgb(20, 29, 27)']
    await shop.goto('/')
    expect(await background()).toBe(white)
    await desk.goto(`${storePath}/settings`)
    const form = desk.locator('form').filter({ has: desk.getByLabel('Light or dark') })
    await form.getByLabel('Colour of the store', { exact: true }).fill('#7c3aed')
    await form.getByLabel('Light or dark').selectOption('dark')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByRole('button', { name: 'Reset Light or dark' }).waitFor()
    await shop.goto('/')
    expect(await background()).toBe(dark)
    await shop.getByRole('button', { name: 'Dark theme' }).click()
    expect(await background()).toBe(white)
    await shop.getByRole('button', { name: 'Dark theme' }).click()
    expect(await background()).toBe(dark)
    // All that follows is looked at in violet, light and dark.
    await form.getByRole('button', { name: 'Reset Light or dark' }).click()
    await desk.getByText('Back to its former value').waitFor()
  })

  test('a visitor reads the shop in their own language, and chooses another, which is kept', async () => {
    if (!found.ok) return
    const own = await found.browser.newContext({ baseURL: server.url, locale: 'de-AT' })
    const page = watched(await own.newPage())
    await page.goto(productPath)
    await page.getByRole('button', { name: 'In den Warenkorb' }).waitFor()
    await page.getByRole('heading', { name: 'Bewertungen' }).waitFor() // of a plugin
    await page.getByText('€\u00a021,50').or(page.getByText('$\u00a021,50')).first().waitFor() // as Austria writes it
    expect(await page.evaluate('document.documentElement.lang')).toBe('de')
    await page.getByLabel('Sprache').selectOption('en')
    await page.getByRole('button', { name: 'Add to cart' }).waitFor()
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(request.url()))
    await page.reload()
    await page.getByRole('heading', { name: 'Ratings' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('en')
    // English loads no texts.
    expect(loaded.filter((url) => /\/de-[\w-]+\.js$/.test(url))).toEqual([])
    await page.goto('/admin/')
    await page.getByLabel('Language').selectOption('de')
    await page.getByRole('button', { name: 'Anmelden' }).waitFor()
    await own.close()
  })

  test('what the network breaks off once, as when a laptop goes from Wi-Fi to a cable, still comes', async () => {
    if (!found.ok) return
    const own = await found.browser.newContext({ baseURL: server.url, locale: 'en-US' })
    const page = watched(await own.newPage())
    const broken: string[] = []
    await page.route(/\/api\/session$|\/assets\/de-[\w-]+\.js$/, async (route) => {
      const name = new URL(route.request().url()).pathname.replace(/-[\w-]{8}\.js$/, '.js')
      if (broken.includes(name)) return route.continue()
      broken.push(name)
      return route.abort('internetdisconnected')
    })
    await page.goto('/admin/')
    await page.getByLabel('Language').selectOption('de')
    await page.getByRole('button', { name: 'Anmelden' }).waitFor()
    expect(broken).toEqual(['/api/session', '/admin/assets/de.js'])
    await own.close()
    complaints.splice(
      0,
      complaints.length,
      ...complaints.filter((each) => !each.endsWith('net::ERR_INTERNET_DISCONNECTED')),
    )
  })

  test('a second store has a front of its own, in its own colour, and what is another’s leads there', async () => {
    await desk.goto('/admin/stores')
    await desk.getByRole('button', { name: 'Add store' }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel(/^Name/).fill('Second shelf')
    await dialog.getByLabel(/^Currency/).fill('USD')
    await dialog.getByRole('button', { name: 'Add store' }).click()
    const link = desk.getByRole('main').getByRole('link', { name: 'Open the store' })
    const front = (await link.getAttribute('href')) ?? ''
    const other = await context.newPage()
    await watched(other).goto(front)
    await other.getByRole('heading', { level: 1, name: 'Second shelf' }).waitFor()
    expect(await other.locator('link[href^="/api/theme.css"]').getAttribute('href')).toBe(
      `/api/theme.css?storeId=${front.slice('/s/'.length)}`,
    )
    await other.getByRole('link', { name: /^Cart/ }).first().click()
    await other.waitForURL((url) => url.pathname === `${front}/cart`)
    await other.goto(front + productPath)
    await other.getByRole('heading', { level: 1, name: 'Stoneware mug' }).waitFor()
    await other.waitForURL(
      (url) => url.pathname === storePath.replace('/admin/stores', '/s') + productPath,
    )
    await other.goto('/s/none')
    await other.getByRole('heading', { name: 'There is no such store' }).waitFor()
    await other.close()
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/ 404 /.test(each)))
  })

  test('an author of a plugin sees where it can join', async () => {
    await desk.goto('/admin/distribution')
    await desk.getByLabel('Show slots').check()
    await desk.goto('/admin/products')
    const slot = desk.locator('[data-slot="product.list.toolbar"]')
    expect((await slot.innerText()).split('\n')).toEqual([
      'product.list.toolbar',
      'gives reload()',
      'batch-import, append 50',
    ])
    await desk.goto('/admin/products?slots=off')
    await desk.getByRole('button', { name: 'Import' }).waitFor()
    expect(await slot.count()).toBe(0)
  })

  test('the status page stands under the same domain', async () => {
    await shop.goto('/status')
    await shop.getByRole('heading', { level: 1, name: 'Everything works' }).waitFor()
  })

  test.each(titles)('%s can be used by everybody', { timeout: 120_000 }, async (title) => {
    if (!found.ok) return
    if (!eyes) {
      const own = await found.browser.newContext({
        baseURL: server.url,
        storageState: await context.storageState(),
        reducedMotion: 'reduce',
      })
      const page = watched(await own.newPage())
      eyes = { page, quiet: quietness(page) }
    }
    const { page, quiet } = eyes
    await page.setViewportSize(looks[0].viewport)
    await page.emulateMedia({ colorScheme: looks[0].colorScheme })
    if (title === 'store cart' || title === 'store checkout') {
      await page.goto(productPath)
      await page.getByRole('button', { name: 'Add to cart' }).click()
      await page.getByRole('link', { name: 'See the cart' }).waitFor()
    }
    await page.goto(pathOf(title, { productPath, invoicePath, storePath }))
    await page.locator('h1').first().waitFor()
    await quiet()
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    await page.evaluate(axe)
    const troubles: string[] = []
    for (const { name, viewport, colorScheme } of looksOf(titles.indexOf(title))) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      expect(await page.evaluate(settled)).toBe(0)
      if (isCi)
        await page.screenshot({
          path: join(screens, `${title} ${name}.png`.replaceAll(' ', '-')),
          fullPage: true,
        })
      troubles.push(...(await troublesOf(page, colorScheme)).map((each) => `${name}: ${each}`))
    }
    expect(troubles, `COMPOSE_TEST_SEED=${start}`).toEqual([])
  })

  test('nothing complained on the way', () => {
    expect(complaints).toEqual([])
  })
})

/** Where a page stands; the product, the invoice and the store are those of the story. */
const pathOf = (
  title: (typeof titles)[number],
  story: { readonly productPath: string; readonly invoicePath: string; readonly storePath: string },
): string =>
  title === 'store product'
    ? story.productPath
    : title === 'store invoice'
      ? story.invoicePath
      : /^admin (store|store settings|members|payments|notices|texts|webhooks)$/.test(title)
        ? story.storePath + pages[title]
        : pages[title]

/**
 * What stands in somebody's way on this page: serious findings of axe, and content wider than the screen.
 *
 * A dark page is a light one in other colours: of it only they are looked at.
 */
async function troublesOf(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
  const rules = colorScheme === 'light' ? '' : ", runOnly: ['color-contrast']"
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run({ resultTypes: ['violations']${rules} })`,
  )
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
  const tooWide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  return tooWide > 0 ? [...serious, `wider than the screen by ${tooWide} px`] : serious
}

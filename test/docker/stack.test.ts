import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { builtStandard } from '../support/distribution.ts'
import { makeImages } from './images.ts'

const engine = process.env['TEST_DOCKER_HOST']
const found = await openBrowser()
if (found.ok) await found.browser.close()
const lacks = [
  ...(engine ? [] : ['TEST_DOCKER_HOST names no engine to use up']),
  ...(found.ok ? [] : ['no browser starts here']),
]
const word = lacks.length > 0 ? ` (skipped: ${lacks.join(', ')})` : ''

describe.skipIf(lacks.length > 0)(`the generated docker-compose file${word}`, () => {
  let folder = ''
  const dockerCompose = (...args: readonly string[]) =>
    execa(
      'docker-compose',
      ['--env-file', '.env', '-f', 'dist/standard/docker-compose.yml', ...args],
      {
        cwd: folder,
        env: { DOCKER_HOST: engine },
        all: true,
        reject: false,
        timeout: 400_000,
      },
    )

  beforeAll(async () => {
    const standard = await builtStandard()
    folder = await mkdtemp(join(tmpdir(), 'compose-stack-'))
    await cp(join(standard.cwd, 'dist'), join(folder, 'dist'), { recursive: true })
    await copyFile(join(standard.folder, '.env.example'), join(folder, '.env'))
    await makeImages(engine ?? '')
  })
  afterAll(async () => {
    if (folder === '') return
    await dockerCompose('down', '--volumes', '--rmi', 'local', '--timeout', '5')
    await rm(folder, { recursive: true, force: true })
  })

  test('names a value that is missing, and starts nothing', async () => {
    const run = await dockerCompose('up', '--detach')
    expect([run.exitCode, run.all]).toEqual([
      1,
      expect.stringContaining('set it in .env') as string, // the rest is docker-compose's own
    ])
  })

  test('brings up the shop, its worker and the service of a plugin, under one domain', async () => {
    const example = await readFile(join(folder, '.env'), 'utf8')
    await writeFile(
      join(folder, '.env'),
      example
        .replace(/^POSTGRES_PASSWORD=$/m, 'POSTGRES_PASSWORD=correct-horse')
        .replace(/^# STATUS_PAGE__TOKEN=$/m, `STATUS_PAGE__TOKEN=${'t'.repeat(32)}`),
    )
    const up = await dockerCompose('up', '--detach')
    expect(up.exitCode, up.all).toBe(0)
    await networkIsSettled()
    const browser = await openBrowser()
    if (!browser.ok) throw new Error(browser.why)
    const context = await browser.browser.newContext({
      baseURL: 'https://localhost',
      ignoreHTTPSErrors: true, // the proxy's certificate for localhost is of its own making
    })
    const desk = await context.newPage()
    const shop = await context.newPage()
    try {
      await desk.goto('/admin/')
      await desk.getByLabel('Your name').fill('Ada')
      await desk.getByLabel('Email').fill('ada@example.com')
      await desk.getByLabel('Password').fill('three calm otters')
      await desk.getByRole('button', { name: 'Create account and begin' }).click()
      await desk.getByRole('heading', { name: 'First steps' }).waitFor()
      await desk.goto('/admin/products/new')
      await desk.getByLabel(/^Name/).fill('Stoneware mug')
      await desk.getByLabel(/^Price/).fill('21.50')
      await desk.getByRole('button', { name: 'Add product' }).click()
      await desk.getByRole('link', { name: 'Edit Stoneware mug' }).waitFor()

      await shop.goto('/')
      await shop.getByRole('link', { name: 'Stoneware mug', exact: true }).click()
      await shop.getByRole('button', { name: 'Add to cart' }).click()
      await shop.getByRole('link', { name: 'See the cart' }).click()
      await shop.getByRole('link', { name: 'Go to checkout' }).click()
      await shop.getByLabel('E-mail address').fill('buyer@example.com')
      await shop.getByRole('button', { name: 'Place order' }).click()
      await shop.getByRole('heading', { level: 1, name: 'Waiting for your payment' }).waitFor()

      await desk.goto('/admin/invoices')
      await desk.getByRole('table').getByRole('link').first().click()
      await desk.getByRole('button', { name: 'Mark as paid' }).click()
      await desk.getByRole('dialog').getByRole('button', { name: 'Mark as paid' }).click()
      // The invitation is the work of a listener, which lives in the worker's container.
      await shop.getByRole('link', { name: 'Rate it' }).waitFor()

      await desk.goto('/status')
      await desk.getByRole('heading', { level: 1, name: 'Everything works' }).waitFor()
    } catch (error) {
      const { all } = await dockerCompose('logs', '--no-color', '--tail', '40')
      throw new Error(`the stack did not do its work\n${all}`, { cause: error })
    } finally {
      await browser.browser.close()
    }
    const services = await dockerCompose('ps', '--services', '--filter', 'status=running')
    expect(services.stdout.split('\n').toSorted()).toEqual([
      'api',
      'database',
      'proxy',
      'status-page',
      'worker',
    ])
  })
})

/** A browser gives up its requests when an address comes to the machine; those of the containers' interfaces come late. */
async function networkIsSettled(): Promise<void> {
  const tentative = 0x40
  for (;;) {
    const rows = (await readFile('/proc/net/if_inet6', 'utf8').catch(() => '')).trim().split('\n')
    const flags = rows.map((row) => Number.parseInt(row.split(/\s+/)[4] ?? '0', 16))
    if (flags.every((each) => (each & tentative) === 0)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { built, builtStandard } from '../support/distribution.ts'
import { makeImages, saveBase } from './images.ts'

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
  let cacheDir = ''
  const docker = (...args: readonly string[]) =>
    execa('docker', args, { env: { DOCKER_HOST: engine } })
  const dockerCompose = (...args: readonly string[]) => withFile('dist', ...args)
  const withFile = (place: 'dist' | 'images', ...args: readonly string[]) =>
    execa(
      'docker-compose',
      ['--env-file', '.env', '-f', `${place}/standard/docker-compose.yml`, ...args],
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
    cacheDir = standard.cacheDir
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
        .replace(/^POSTGRES_PASSWORD=$/m, 'POSTGRES_PASSWORD=correct:horse@/%41?&+=;,()')
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

  test('starts again from the tar of compose image alone, with the same files and its data', async () => {
    await saveBase(engine ?? '', join(folder, 'base.tar'))
    const made = JSON.parse(
      await built(['image', '--base', 'base.tar', '--json'], folder, cacheDir),
    ) as { reference: string; id: string } // what the command prints
    const isBuilt = await seenInside('standard:latest')
    await dockerCompose('down', '--rmi', 'local', '--timeout', '5')
    await docker('rmi', '--force', 'standard:latest')
    const { stdout: loaded } = await docker(
      'load',
      '--input',
      join(folder, 'images/standard/standard.tar'),
    )
    expect(loaded).toBe(`Loaded image: ${made.reference}`)
    expect(await seenInside(made.reference)).toEqual(isBuilt)

    const up = await withFile('images', 'up', '--detach')
    expect(up.exitCode, up.all).toBe(0)
    await networkIsSettled()
    const browser = await openBrowser()
    if (!browser.ok) throw new Error(browser.why)
    try {
      const context = await browser.browser.newContext({
        baseURL: 'https://localhost',
        ignoreHTTPSErrors: true, // as above
      })
      const shop = await context.newPage()
      await shop.goto('/')
      await shop.getByRole('link', { name: 'Stoneware mug', exact: true }).waitFor()
      const visitor = await context.newPage()
      await visitor.goto('/admin/')
      await visitor.getByLabel('Email').fill('ada@example.com')
      await visitor.getByLabel('Password').fill('three calm otters')
      await visitor.getByRole('button', { name: 'Sign in' }).click()
      await visitor.getByRole('link', { name: 'Invoices' }).first().waitFor()
      await visitor.goto('/status')
      await visitor.getByRole('heading', { level: 1, name: 'Everything works' }).waitFor()
    } catch (error) {
      const { all } = await withFile('images', 'logs', '--no-color', '--tail', '40')
      throw new Error(`the stack did not do its work\n${all}`, { cause: error })
    } finally {
      await browser.browser.close()
    }
    const { stdout } = await withFile('images', 'ps', '--quiet', 'api', 'worker', 'status-page')
    const images = await docker('inspect', '--format', '{{.Image}}', ...stdout.split('\n'))
    expect(images.stdout.split('\n')).toEqual([made.id, made.id, made.id])
  })

  /** How an image runs, and every file of the program with its hash. */
  async function seenInside(image: string): Promise<readonly unknown[]> {
    const list = `
      const { createHash } = require('node:crypto')
      const { readFileSync, readdirSync } = require('node:fs')
      const paths = readdirSync('.', { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile()).map((entry) => entry.parentPath + '/' + entry.name).sort()
      for (const path of paths)
        console.log(path, createHash('sha256').update(readFileSync(path)).digest('hex'))
      process.stdout.write(process.version + ' ' + process.getuid() + ' ' + process.env.NODE_ENV)`
    const { stdout: files } = await docker('run', '--rm', '--entrypoint', 'node', image, '-e', list)
    const { stdout } = await docker('inspect', '--format', '{{json .Config}}', image)
    const config = JSON.parse(stdout) as Readonly<Record<string, unknown>> // the engine's own
    const said = [
      'Cmd',
      'Entrypoint',
      'ExposedPorts',
      'Healthcheck',
      'User',
      'Volumes',
      'WorkingDir',
    ]
    return [files.split('\n'), said.map((key) => [key, config[key]])]
  }
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

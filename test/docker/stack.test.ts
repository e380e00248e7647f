import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { openBrowser } from '../support/browser.ts'
import { compose } from '../support/compose.ts'
import { built, builtStandard, standardSelection } from '../support/distribution.ts'
import { whileContainersChange } from '../support/network.ts'
import { makeImages, saveBase } from './images.ts'

const engine = process.env['TEST_DOCKER_HOST']
/** The second edition of docker-compose, where it is here: the last stack is its. */
const newer = process.env['TEST_DOCKER_COMPOSE_2'] || 'docker-compose'
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
  let selected: Selected = { plugins: {}, deployment: {} }
  let leaveNetwork = async (): Promise<void> => undefined
  const docker = (...args: readonly string[]) =>
    execa('docker', args, { env: { DOCKER_HOST: engine } })
  const dockerCompose = (...args: readonly string[]) => withFile('dist', ...args)
  const fileIn = (place: string) => `${place}/standard/docker-compose.yml`
  const withFile = (place: 'dist' | 'images', ...args: readonly string[]) =>
    execa(
      place === 'images' ? newer : 'docker-compose',
      ['--env-file', '.env', '-f', fileIn(place), '-f', 'quick.yml', ...args],
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
    // The first look at a container's health comes after one interval: nobody learns from waiting for it.
    const quick = { services: { api: { healthcheck: { interval: '2s' } } } }
    await writeFile(join(folder, 'quick.yml'), stringify(quick))
    leaveNetwork = await whileContainersChange()
    await makeImages(engine ?? '')
  })
  afterAll(async () => {
    if (folder === '') return
    await withFile('images', 'down', '--timeout', '5')
    await dockerCompose('down', '--volumes', '--rmi', 'local', '--timeout', '5')
    await rm(folder, { recursive: true, force: true })
    await leaveNetwork()
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

  test('replicas 2 → 3, and one that is told to end, lose no request under load; killed in turn, api, worker and database lose no order', async () => {
    // Four buyers of one address are more than a shop takes.
    await sql(
      `insert into core.settings (plugin, key, value, is_secret) values ('core', 'ordersPerMinute', '0', false)`,
    )
    await selectKeeper()
    await builtWith(2)
    await upAgain('--build')
    await builtWith(3)
    const grown = await loadedWhile(async () => {
      // Answers for the api where nothing listens, as a container that is about to begin does.
      const silent = ['--name', 'silent', '--network', 'standard_outside', '--network-alias', 'api']
      await docker(
        'run',
        '--detach',
        ...silent,
        'caddy:2-alpine',
        'caddy',
        'respond',
        '--listen',
        ':9',
      )
      await upAgain()
      await docker('rm', '--force', 'silent')
      await docker('restart', 'standard_api_1')
    })
    expect(grown.failed).toEqual([])
    const { stdout: replicas } = await dockerCompose('ps', '--quiet', 'api')
    expect(replicas.split('\n')).toHaveLength(3)

    const orders = [...grown.orders]
    for (const service of ['api', 'worker', 'database']) {
      const killed = await loadedWhile(async () => {
        await docker('kill', `standard_${service}_1`)
        await docker('start', `standard_${service}_1`)
        await isReady()
      })
      orders.push(...killed.orders)
    }
    expect(orders.length).toBeGreaterThan(20)
    const list = orders.map((id) => `'${id}'`).join(',')
    expect(await sql(`select count(*) from core.invoices where id::text in (${list})`)).toBe(
      String(orders.length),
    )
  })

  test('gives the shop back: saved, wiped and restored, with the volumes of plugins', async () => {
    await docker(
      'exec',
      'standard_keep-keeper_1',
      'sh',
      '-c',
      'mkdir /keep/deep && echo kept >/keep/deep/word',
    )
    const before = await sql(rows)
    await built(['stack', 'backup', 'shop.tgz'], folder, cacheDir, engineEnv)
    const again = await compose(['stack', 'restore', 'shop.tgz'], {
      cwd: folder,
      cacheDir,
      env: engineEnv,
    })
    expect(again.stderr).toContain('✗ The stack standard has volumes already.')
    await dockerCompose('down', '--volumes', '--timeout', '5')
    await built(['stack', 'restore', 'shop.tgz'], folder, cacheDir, engineEnv)
    expect(await sql(rows)).toBe(before)
    await upAgain()
    const kept = await docker('exec', 'standard_keep-keeper_1', 'cat', '/keep/deep/word')
    expect(kept.stdout).toBe('kept')
  })

  test('goes back to the distribution of before, and refuses where a newer step did more than add', async () => {
    const yaml = () => readFile(join(folder, 'dist/standard/docker-compose.yml'), 'utf8')
    expect(await yaml()).toContain('replicas: 3')
    await sql(
      `insert into compose.ledger (plugin, id, checksum, release, distribution, batch, tag, state, started_at, runner, up_sql)
       values ('ratings', 'ratings/9999_later', 'sha256-', '9.0.0', 'sha256-', 9, 'contract', 'done', now(), 'test', '')`,
    )
    const refused = await compose(['stack', 'rollback'], { cwd: folder, cacheDir, env: engineEnv })
    expect(refused.stderr).toContain(
      '✗ This database was migrated by ratings 9.0.0, and this distribution has ratings\n  1.0.0.\n\n    ratings/9999_later   contract\n',
    )
    await sql(`update compose.ledger set tag = 'expand' where id = 'ratings/9999_later'`)
    await built(['stack', 'rollback'], folder, cacheDir, engineEnv)
    expect(await yaml()).toContain('replicas: 2')
    await upAgain('--build', '--remove-orphans')
    await isReady()
    expect((await loadedWhile(() => Promise.resolve())).failed).toEqual([])
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
    expect(images.stdout.split('\n')).toEqual([made.id, made.id, made.id, made.id])
  })

  const engineEnv = { DOCKER_HOST: engine ?? '' }
  const rows = `select md5(string_agg(each::text, '|' order by each.id)) from core.invoices each`
  const sql = async (text: string) => {
    const { stdout } = await docker(
      'exec',
      'standard_database_1',
      'psql',
      '-U',
      'postgres',
      '-qAtc',
      text,
    )
    return stdout
  }

  /** Starts what is not there, or not as it should be. */
  async function upAgain(...flags: readonly string[]): Promise<void> {
    const up = await dockerCompose('up', '--detach', ...flags)
    expect(up.exitCode, up.all).toBe(0)
  }

  /** The standard selection, and a plugin with a container and a volume of its own. */
  async function selectKeeper(): Promise<void> {
    await mkdir(join(folder, 'keep/services'), { recursive: true })
    const asked = parse(await readFile(standardSelection, 'utf8')) as Selected // our own file
    await writeFile(
      join(folder, 'keep/plugin.yaml'),
      stringify({
        name: 'keep',
        version: '1.0.0',
        title: 'Keep',
        description: 'Has a volume.',
        author: 'Tests',
        license: 'MIT',
        requires: { bitcartcc: '^1.0.0' },
        contributes: { services: './services/docker-compose.yml' },
      }),
    )
    await writeFile(
      join(folder, 'keep/services/docker-compose.yml'),
      stringify({
        services: {
          keeper: {
            image: 'caddy:2-alpine',
            command: ['caddy', 'respond', '--listen', ':9000'],
            volumes: ['kept:/keep'],
          },
        },
        volumes: { kept: {} },
      }),
    )
    selected = { ...asked, plugins: { ...asked.plugins, keep: { path: './keep' } } }
  }

  async function builtWith(api: number): Promise<void> {
    const deployment = { ...selected.deployment, replicas: { api } }
    await writeFile(join(folder, 'selection.yaml'), stringify({ ...selected, deployment }))
    await built(['build', 'selection.yaml'], folder, cacheDir)
  }

  /** Four buyers order mugs through the proxy for as long as something goes on; gives what was acknowledged, and what failed. */
  async function loadedWhile(work: () => Promise<void>) {
    const orders: string[] = []
    const failed: string[] = []
    let isOver = false
    const buy = async () => {
      const agent = new Agent({ rejectUnauthorized: false, keepAlive: true }) // as above
      const ask = async (method: string, path: string, body?: object) => {
        const answer = await asked(agent, method, path, body)
        return JSON.parse(answer) as { id: string; items?: readonly { id: string }[] } // the API's own
      }
      do {
        try {
          const mug = (await ask('GET', '/api/products')).items?.[0]?.id ?? ''
          const { id } = await ask('POST', '/api/carts', {})
          await ask('PUT', `/api/carts/${id}/items/${mug}`, { quantity: 1 })
          const order = await ask('POST', `/api/carts/${id}/checkout`, { email: 'a@example.com' })
          orders.push(order.id)
        } catch (error) {
          failed.push(String(error))
        }
      } while (!isOver)
      agent.destroy()
    }
    const buying = Promise.all([buy(), buy(), buy(), buy()])
    try {
      await work()
    } finally {
      isOver = true
      await buying
    }
    return { orders, failed }
  }

  async function isReady(): Promise<void> {
    const agent = new Agent({ rejectUnauthorized: false }) // as above
    while ((await asked(agent, 'GET', '/health/ready').catch(() => '')) === '')
      await new Promise((resolve) => setTimeout(resolve, 100))
  }

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

interface Selected {
  readonly plugins: object
  readonly deployment: object
}

/** One request to the shop under its domain; gives the body, and throws what is no success. */
function asked(agent: Agent, method: string, path: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `https://localhost${path}`,
      {
        agent,
        method,
        headers: body ? { 'content-type': 'application/json' } : {},
        timeout: 20_000,
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (data: string) => (text += data))
        answer.once('error', reject)
        answer.once('end', () =>
          (answer.statusCode ?? 0) < 300
            ? resolve(text)
            : reject(new Error(`${method} ${path} ${answer.statusCode} ${text}`)),
        )
      },
    )
    sent.once('error', reject)
    sent.once('timeout', () => sent.destroy(new Error(`${method} ${path} took too long`)))
    sent.end(body ? JSON.stringify(body) : undefined)
  })
}

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

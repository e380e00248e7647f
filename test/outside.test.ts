import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLong } from './counts.ts'
import { openBrowser } from './support/browser.ts'
import { plainEnv, root } from './support/compose.ts'
import { builtStandard, freePort, serve } from './support/distribution.ts'
import { openRegistry, repacked, type Registry } from './support/registry.ts'

interface Lock {
  readonly core: {
    readonly version: string
    readonly npm?: { readonly packages?: Readonly<Record<string, Pinned>> }
  }
}
interface Pinned {
  readonly resolution: { readonly integrity?: string }
}

// Hundreds of packages are installed, twice: that is for the long run.
const found = isLong ? await openBrowser() : ({ ok: false, why: 'not the long run' } as const)
const word = isLong ? '' : ' (skipped: npm run test:long installs the packages)'

describe.skipIf(!isLong)(`outside the clone, from npm alone${word}`, () => {
  let world = ''
  let registry: Registry
  const running: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    world = await mkdtemp(join(tmpdir(), 'compose-outside-'))
    registry = await openRegistry()
    const packages = join(world, 'packages')
    await run('npm', ['run', '--silent', 'pack', '--', packages], root)
    for (const name of await readdir(packages))
      await registry.publish(await readFile(join(packages, name)))
  }, 600_000)
  afterAll(async () => {
    for (const stop of running) await stop()
    if (found.ok) await found.browser.close()
    registry.close()
    await rm(world, { recursive: true, force: true, maxRetries: 5 })
  })

  /** Runs a program as somebody would who has no clone: the machine's own Node, and none of our tools in PATH. */
  async function run(
    program: string,
    args: readonly string[],
    cwd: string,
    set: NodeJS.ProcessEnv = {},
  ): Promise<string> {
    const { PATH = '', ...env } = plainEnv()
    const path = PATH.split(delimiter).filter((each) => !each.startsWith(root))
    const { stdout } = await execa(program, args, {
      cwd,
      env: {
        ...env,
        PATH: path.join(delimiter),
        npm_config_cache: join(world, 'npm-cache'),
        // It does not know that pnpm has a store, and says so where our variable is.
        npm_config_loglevel: 'error',
        ...set,
      },
      extendEnv: false,
      stdin: 'ignore',
    })
    return stdout
  }
  const compose = (cwd: string, ...args: readonly string[]) => run('npx', ['compose', ...args], cwd)

  async function folder(name: string): Promise<string> {
    await mkdir(join(world, name), { recursive: true })
    await writeFile(join(world, name, '.npmrc'), `@bitcartcc:registry=${registry.url}\n`)
    return join(world, name)
  }

  test('init, add, build and start give the shop that the clone gives', async () => {
    const shop = await folder('shop')
    await writeFile(join(shop, 'package.json'), '{ "private": true }\n')
    await run('npm', ['install', '--no-audit', '--no-fund', '@bitcartcc/composer'], shop)
    await compose(shop, 'init', 'standard')
    await compose(shop, 'add', 'ratings', 'rates', 'mail', 'bitcoin', 'batch-import', 'status-page')
    await compose(shop, 'build')
    // What came along was not made anew; core itself may be, where npm found a newer release of a package in it.
    const madeOnce = 'node_modules/@bitcartcc/composer/node_modules/.cache/made-once/entries'
    const made = (await readdir(join(shop, madeOnce))).map((name) => name.split('-')[0])
    expect(made.filter((name) => ['empty', 'compose', 'kit'].includes(name ?? ''))).toEqual([])
    const standard = await builtStandard()
    const lock = async (at: string) =>
      JSON.parse(await readFile(join(at, 'selection.lock'), 'utf8')) as Record<string, unknown> // our own file
    const [here, there] = [await lock(shop), await lock(standard.folder)]
    expect({ core: here['core'], plugins: here['plugins'], npm: here['npm'] }).toEqual({
      core: there['core'],
      plugins: there['plugins'],
      npm: there['npm'],
    })
    const source = join(shop, 'node_modules/@bitcartcc/domain/src/money.ts')
    const text = await readFile(source, 'utf8')
    await writeFile(source, `${text}// tampered with\n`)
    const refused = await compose(shop, 'build').catch((error: { stderr: string }) => error.stderr)
    expect(refused).toContain(
      '✗ Core 1.0.0 as npm installed it holds other files than selection.lock',
    )
    await writeFile(source, text)
    const port = await freePort()
    const started = execa(join(shop, 'node_modules/.bin/compose'), ['start'], {
      cwd: shop,
      env: { ...plainEnv(), PORT: String(port) },
      extendEnv: false,
      reject: false,
    })
    running.push(() => (started.kill('SIGTERM'), started))
    const answer = await answered(`http://127.0.0.1:${port}/api/distribution`)
    expect((answer as { plugins: { name: string }[] }).plugins.map(({ name }) => name)).toEqual([
      'batch-import',
      'bitcoin',
      'mail',
      'rates',
      'ratings',
      'status-page',
    ])
  }, 600_000)

  test('core is chosen like a plugin: locked, newer when asked for, brought to the byte, and without a network', async () => {
    const shop = join(world, 'shop')
    const packages = join(world, 'packages')
    for (const name of (await readdir(packages)).filter((each) => !each.includes('composer')))
      await registry.publish(
        await repacked(await readFile(join(packages, name)), '1.1.0', (text) =>
          text.replaceAll('First steps', 'First steps again'),
        ),
      )
    const read = async (file: string) =>
      JSON.parse(await readFile(join(shop, file), 'utf8')) as Lock // our own file
    const asset = async () => {
      const folder = join(shop, 'dist/standard/public/admin/assets')
      const texts = (await readdir(folder))
        .filter((name) => name.endsWith('.js'))
        .map((name) => readFile(join(folder, name), 'utf8'))
      return (await Promise.all(texts)).some((text) => text.includes('First steps again'))
    }
    expect(await compose(shop, 'outdated')).toMatch(/^core +1\.0\.0 +1\.1\.0 +1\.1\.0/m)
    await compose(shop, 'build', '--quiet')
    expect({ core: (await read('selection.lock')).core.version, isNew: await asset() }).toEqual({
      core: '1.0.0',
      isNew: false,
    })
    expect(await compose(shop, 'update', 'core')).toContain('core 1.0.0 → 1.1.0')
    await compose(shop, 'build', '--quiet')
    const { core } = await read('selection.lock')
    expect({
      locked: core.version,
      built: (await read('dist/standard/distribution.json')).core,
      isNew: await asset(),
      pinned: Object.keys(core.npm?.packages ?? {}).filter((name) =>
        name.startsWith('@bitcartcc/'),
      ),
    }).toEqual({
      locked: '1.1.0',
      built: '1.1.0',
      isNew: true,
      pinned: [
        ...['admin', 'api'].map((room) => `@bitcartcc/${room}@1.1.0`),
        '@bitcartcc/composer@0.1.0',
        ...['domain', 'sdk', 'server', 'store', 'ui', 'worker'].map(
          (room) => `@bitcartcc/${room}@1.1.0`,
        ),
      ],
    })
    const sums = await readFile(join(shop, 'dist/standard/SHA256SUMS'), 'utf8')
    await rm(join(shop, 'dist'), { recursive: true })
    const asked = registry.requests.length
    await compose(shop, 'build', '--quiet', '--frozen', '--offline')
    expect(await readFile(join(shop, 'dist/standard/SHA256SUMS'), 'utf8')).toBe(sums)
    expect(registry.requests.slice(asked)).toEqual([])
    // On another machine, whose npm installed another core: the lock decides.
    const lock = await readFile(join(shop, 'selection.lock'), 'utf8')
    const integrity = core.npm?.packages?.['@bitcartcc/admin@1.1.0']?.resolution.integrity ?? ''
    const other = integrity.replace(
      /^sha512-./,
      integrity.startsWith('sha512-A') ? 'sha512-B' : 'sha512-A',
    )
    await writeFile(join(shop, 'selection.lock'), lock.replaceAll(integrity, other))
    await rm(join(shop, '.compose'), { recursive: true })
    const refused = await run('npx', ['compose', 'build', '--quiet', '--frozen'], shop, {
      // pnpm asks again for what is damaged, a minute later.
      npm_config_fetch_retries: '0',
    }).catch((error: { stderr: string }) => error.stderr)
    const told = refused
      .replace(other, 'what is locked')
      .replace(integrity, 'what was sent')
      .replace(registry.url, 'http://registry')
    expect(told).toMatchInlineSnapshot(`
      "
      ✗ The registry sends an npm package that is not the one that was locked.

          pnpm says: ERR_PNPM_TARBALL_INTEGRITY Got unexpected checksum for
            "http://registry/@bitcartcc/admin/-/1.1.0.tgz". Wanted
            "what is locked".
            Got
            "what was sent".

        Nothing of it was unpacked or run, and nothing was built.

        Fix: If the lock was changed, by hand or by a merge, take back the one that was committed.
             If it was not: a version never changes once it is published. Ask who runs the registry.

        More: compose explain lock/not-as-locked

      1 problem. Nothing was built."
    `)
    await writeFile(join(shop, 'selection.lock'), lock)
    await compose(shop, 'build', '--quiet', '--frozen')
    expect(await readFile(join(shop, 'dist/standard/SHA256SUMS'), 'utf8')).toBe(sums)
  }, 600_000)

  test('a plugin in a repository of its own gets its types, is checked there, and runs', async () => {
    const repository = await folder('gift-cards')
    await compose(join(world, 'shop'), 'plugin', 'new', 'gift-cards', '--out', repository)
    await run('npm', ['install', '--no-audit', '--no-fund'], repository)
    await compose(repository, 'plugin', 'types')
    expect(await readFile(join(repository, 'plugin.gen.ts'), 'utf8')).toContain(
      'tables: { notes: { id: Generated<string>; text: string; written_at: Generated<Date> } }',
    )
    await run('npx', ['vue-tsc'], repository)
    const routes = join(repository, 'api/routes.ts')
    const right = await readFile(routes, 'utf8')
    await writeFile(routes, right.replace("select(['id', 'text'])", "select(['id', 'words'])"))
    const refused = await run('npx', ['vue-tsc', '--pretty', 'false'], repository).catch(
      (error: { stdout: string }) => error.stdout,
    )
    expect(refused).toMatch(/^api\/routes\.ts\(16,\d+\): error TS/)
    await writeFile(routes, right)
    await compose(repository, 'build')
    await compose(repository, 'plugin', 'pack')
    expect(existsSync(join(repository, 'gift-cards-0.1.0.bitcartcc'))).toBe(true)
  }, 600_000)

  test.skipIf(!found.ok)(
    `what the new plugin does, in a browser${found.ok ? '' : ` (skipped: ${found.why})`}`,
    async () => {
      if (!found.ok) return
      const server = await serve(join(world, 'gift-cards/dist/gift-cards-shop'))
      running.push(server.stop)
      const page = await (await found.browser.newContext({ baseURL: server.url })).newPage()
      page.setDefaultTimeout(20_000)
      await page.goto('/admin/')
      await page.getByLabel('Your name').fill('Ada')
      await page.getByLabel('Email').fill('ada@example.com')
      await page.getByLabel('Password').fill('three calm otters')
      await page.getByRole('button', { name: 'Create account and begin' }).click()
      await page.getByRole('heading', { name: 'First steps' }).waitFor()
      await page.goto('/admin/plugins/gift-cards/notes')
      await page.getByLabel('Note').fill('We are back on Monday.')
      await page.getByRole('button', { name: 'Write' }).click()
      await page.getByText('The note stands in the store.').waitFor()
      await page.goto('/p/gift-cards/notes')
      await page.getByText('We are back on Monday.').waitFor()
    },
    120_000,
  )
})

/** What an address answers, as soon as something does. */
async function answered(url: string): Promise<unknown> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return answer.json()
    await new Promise((wait) => setTimeout(wait, 50))
  }
}

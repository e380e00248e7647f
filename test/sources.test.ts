import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, glob, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from './support/browser.ts'
import { root } from './support/compose.ts'
import { openRegistry, tarballOf, type Registry } from './support/registry.ts'
import { built, serve, sharedCacheDir, type Served } from './support/distribution.ts'

const found = await openBrowser()
const word = found.ok ? '' : ` (skipped: no browser starts here: ${found.why})`
let world = ''
let registry: Registry
let server: Served | undefined
beforeAll(async () => {
  world = await mkdtemp(join(tmpdir(), 'compose-sources-'))
  registry = await openRegistry()
})
afterAll(async () => {
  await server?.stop()
  registry.close()
  if (found.ok) await found.browser.close()
  await rm(world, { recursive: true, force: true, maxRetries: 5 })
})

/** Copies a plugin as its author would have it in a repository of its own. */
const copyPlugin = (name: string, to: string) =>
  cp(join(root, 'plugins', name), join(world, to), {
    recursive: true,
    filter: (path) => !/node_modules|plugin\.gen\.ts|tsconfig/.test(path),
  })

/** Machine code that lies in this workspace already: that of the bundler. */
async function machineCode(): Promise<string> {
  for await (const file of glob('node_modules/.pnpm/lightningcss-*/**/*.node', { cwd: root }))
    return join(root, file)
  throw new Error('the bundler has no machine code here')
}

/** A plugin that somebody just began: a page, and a route over an npm package with machine code. */
async function begin(folder: string): Promise<void> {
  await mkdir(join(folder, 'ironwork'), { recursive: true })
  await cp(await machineCode(), join(folder, 'ironwork/iron.node'))
  const files = {
    'ironwork/package.json': '{ "name": "ironwork", "version": "1.0.0", "main": "index.cjs" }',
    'ironwork/index.cjs':
      "const iron = require('./iron.node')\nexports.names = () => Object.keys(iron).length\n",
    'ironwork/index.d.cts': 'export function names(): number\n',
  }
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
  await registry.publish(await tarballOf(join(folder, 'ironwork')))
  await rm(join(folder, 'ironwork'), { recursive: true })
  await mkdir(join(folder, 'store'), { recursive: true })
  await mkdir(join(folder, 'api'))
  await writeFile(join(folder, 'package.json'), '{ "dependencies": { "ironwork": "^1.0.0" } }\n')
  await writeFile(
    join(folder, 'api/routes.ts'),
    `import { Type } from '@bitcartcc/sdk/server'
import { names } from 'ironwork'
import { route, routes } from '../plugin.gen.ts'

export default routes({
  'GET /names': route(
    { permission: 'public', returns: Type.Object({ names: Type.Integer() }) },
    async () => ({ names: names() }),
  ),
})
`,
  )
  await writeFile(
    join(folder, 'plugin.yaml'),
    'name: opening-hours\nversion: 0.1.0\ntitle: Opening hours\ndescription: Says when the shop is open.\nauthor: A shop\nlicense: MIT\nrequires: { bitcartcc: ^1.0.0 }\ncontributes:\n  api.routes: ./api/routes.ts\n  store.pages:\n    - { path: /hours, title: Opening hours, component: ./store/HoursPage.vue }\n',
  )
  await writeFile(
    join(folder, 'store/HoursPage.vue'),
    '<template><section><h1>Opening hours</h1><p>Every day but Sunday.</p></section></template>\n',
  )
}

test('one distribution out of an archive, an npm package, a git repository and a folder', async () => {
  await copyPlugin('ratings', 'ratings')
  await built(['plugin', 'pack', 'ratings', '--prebuilt', '--quiet'], world, sharedCacheDir())
  await copyPlugin('batch-import', 'batch-import')
  const manifest = join(world, 'batch-import/package.json')
  const text = await readFile(manifest, 'utf8')
  await writeFile(manifest, text.replace('@bitcartcc/plugin-', '@shop/'))
  await registry.publish(await tarballOf(join(world, 'batch-import')))
  // The one npm package that it needs, as it is installed here.
  const csv = await realpath(join(root, 'plugins/batch-import/node_modules/csv-parse'))
  const { version } = JSON.parse(await readFile(join(csv, 'package.json'), 'utf8')) as {
    version: string
  } // npm's own format
  await registry.publish(await tarballOf(csv))
  await copyPlugin('status-page', 'work/plugins/status-page')
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: join(world, 'work'),
      stdio: 'pipe',
    })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message=all')
  git('tag', 'v1')
  await begin(join(world, 'opening-hours'))
  await writeFile(
    join(world, 'selection.yaml'),
    `distribution: shop
core: ^1.0.0
sources: [{ npm: '${registry.url}' }]
plugins:
  ratings: { archive: ./ratings-1.0.0.bitcartcc }
  batch-import: { npm: '@shop/batch-import', version: ^1.0.0 }
  status-page: { git: 'file://${world}/work', revision: v1, folder: plugins/status-page }
  opening-hours: { path: ./opening-hours }
deployment: { images: tags }
grants:
  opening-hours: { native: [ironwork] }
`,
  )
  const env = {
    npm_config_registry: registry.url,
    npm_config_store_dir: join(world, 'store'),
    npm_config_cache_dir: join(world, 'metadata'),
  }
  await built(['build', '--quiet'], world, sharedCacheDir(), env)
  const lock = JSON.parse(await readFile(join(world, 'selection.lock'), 'utf8')) as {
    plugins: Record<string, { source: string; integrity?: string; commit?: string }>
    npm: { packages: object }
  } // our own file
  const commit = git('rev-parse', 'HEAD').toString().trim()
  expect({
    sources: Object.entries(lock.plugins).map(([name, { source }]) => [name, source]),
    commit: lock.plugins['status-page']?.commit,
    npm: Object.keys(lock.npm.packages),
  }).toEqual({
    sources: [
      ['batch-import', 'npm:@shop/batch-import@1.0.0'],
      ['opening-hours', 'opening-hours'],
      ['ratings', 'ratings-1.0.0.bitcartcc'],
      ['status-page', `git:file://${world}/work#${commit}:plugins/status-page`],
    ],
    commit,
    npm: [`csv-parse@${version}`, 'ironwork@1.0.0'],
  })
  // Nothing of it is asked for again: the same lock, without a network, gives the same distribution.
  const sums = await readFile(join(world, 'dist/shop/SHA256SUMS'), 'utf8')
  registry.close()
  await rm(join(world, 'work'), { recursive: true })
  await rm(join(world, 'dist'), { recursive: true })
  await built(['build', '--quiet', '--frozen', '--offline'], world, sharedCacheDir(), env)
  expect(await readFile(join(world, 'dist/shop/SHA256SUMS'), 'utf8')).toBe(sums)
}, 600_000)

describe.skipIf(!found.ok)(`what came from afar, in a browser${word}`, () => {
  test.each([
    ['desktop', { width: 1280, height: 800 }],
    ['phone', { width: 390, height: 844 }],
  ] as const)(
    'on a %s every plugin is there',
    async (_, viewport) => {
      if (!found.ok) return
      expect(existsSync(join(world, 'dist/shop/server.js'))).toBe(true)
      server ??= await serve(join(world, 'dist/shop'))
      const context = await found.browser.newContext({ baseURL: server.url, viewport })
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      // The shop opens with its first account; who is signed in sees the admin's pages as well.
      if (viewport.width > 1000) {
        await page.goto('/admin/')
        await page.getByLabel('Your name').fill('Ada')
        await page.getByLabel('Email').fill('ada@example.com')
        await page.getByLabel('Password').fill('three calm otters')
        await page.getByRole('button', { name: 'Create account and begin' }).click()
        await page.getByRole('heading', { name: 'First steps' }).waitFor()
        for (const [path, title] of [
          ['/admin/plugins/ratings/ratings', 'Ratings'],
          ['/admin/plugins/batch-import/imports', 'Imports'],
        ] as const) {
          await page.goto(path)
          await page.getByRole('heading', { level: 1, name: title }).waitFor()
        }
      }
      const { names } = (await (
        await fetch(`${server.url}/api/plugins/opening-hours/names`)
      ).json()) as {
        names: number
      } // as its route says
      expect(names).toBeGreaterThan(0)
      await page.goto('/p/opening-hours/hours')
      await page.getByText('Every day but Sunday.').waitFor()
      await page.goto('/status')
      await page.getByRole('heading', { level: 1, name: 'Everything works' }).waitFor()
      expect(complaints).toEqual([])
      await context.close()
    },
    120_000,
  )
})

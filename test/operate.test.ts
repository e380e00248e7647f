import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compose } from './support/compose.ts'
import { builtStandard, serve, type Built } from './support/distribution.ts'
import { pngPicture } from './support/picture.ts'

let built: Built
let folder: string
const picture = pngPicture(64)
beforeAll(async () => {
  built = await builtStandard()
  folder = await mkdtemp(join(tmpdir(), 'compose-operate-'))
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

const run = async (dataDir: string, ...args: readonly string[]) =>
  compose(args, {
    cwd: built.cwd,
    cacheDir: built.cacheDir,
    env: { DATA_DIR: join(folder, dataDir) },
  })

test('a shop is saved and brought back by the command line, with its pictures, and plugins bring commands of their own', async () => {
  // Without the compiled code that all tests share, so that it keeps its own.
  const env = { NODE_COMPILE_CACHE: '' }
  const shop = await serve(built.folder, { dataDir: join(folder, 'data'), env })
  const signIn = { email: 'owner@example.com', password: 'correct horse' }
  const owner = { ...signIn, name: 'Owner' }
  const asJson = { 'content-type': 'application/json' }
  const post = (url: string, path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/api${path}`, {
      method: 'POST',
      headers: { ...asJson, ...headers },
      body: JSON.stringify(body),
    })
  await post(shop.url, '/users', owner)
  const session = await post(shop.url, '/session', signIn)
  const { csrfToken } = (await session.json()) as { csrfToken: string } // Session of the SDK
  const signedIn = {
    cookie: session.headers
      .getSetCookie()
      .map((text) => text.split(';')[0])
      .join('; '),
    'x-csrf-token': csrfToken,
  }
  const made = await post(shop.url, '/products', { name: 'Mug', price: '3' }, signedIn)
  const { id } = (await made.json()) as { id: string } // Product of the SDK
  const drawn = await fetch(`${shop.url}/api/products/${id}/image`, {
    method: 'PUT',
    headers: { ...signedIn, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(picture),
  })
  const { imageUrl } = (await drawn.json()) as { imageUrl: string } // Product of the SDK
  await fetch(`${shop.url}/api/plugins/ratings/products/${id}`, {
    method: 'PUT',
    headers: asJson,
    body: JSON.stringify({ stars: 4 }),
  })
  const file = join(folder, 'shop.tgz')
  expect((await run('data', 'backup', file)).exitCode).toBe(1)
  // Kept while it runs: one that is killed has it, too.
  const compiled = await readdir(join(folder, 'data/compiled-code'), { recursive: true })
  expect(compiled.length).toBeGreaterThan(10)
  await shop.stop()

  expect(await run('data', 'run')).toMatchObject({
    exitCode: 0,
    stdout: 'ratings:recount   Counts every vote again',
  })
  expect(await run('data', 'run', 'ratings:recount')).toMatchObject({
    exitCode: 0,
    stdout: 'Counted 1 vote.',
  })
  expect((await run('data', 'backup', file)).exitCode).toBe(0)
  expect((await run('other', 'restore', file)).exitCode).toBe(0)
  const [saved, broughtBack] = await Promise.all(
    ['data', 'other'].map((name) => readdir(join(folder, name))),
  )
  expect([saved, broughtBack]).toEqual([
    ['compiled-code', 'database', 'files', 'secret.key'],
    ['database', 'files', 'secret.key'],
  ])
  const again = await serve(built.folder, { dataDir: join(folder, 'other') })
  const seen = (await (await fetch(`${again.url}/api/products/${id}`)).json()) as object // Product of the SDK
  const shown = await fetch(again.url + imageUrl)
  expect([seen, Buffer.from(await shown.arrayBuffer()).equals(picture)]).toEqual([
    expect.objectContaining({ name: 'Mug', imageUrl }),
    true,
  ])
  expect((await post(again.url, '/session', signIn)).status).toBe(200)
  await again.stop()
}, 300_000)

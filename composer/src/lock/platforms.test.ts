import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resolve } from '../resolve/index.ts'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from '../sources/index.ts'
import { pin } from './index.ts'

let world = ''
beforeEach(() => void (world = mkdtempSync(join(tmpdir(), 'compose-platforms-'))))
afterEach(() => rmSync(world, { recursive: true, force: true }))

/** What the lock of a selection with this deployment says of platforms and images. */
async function locked(deployment: string): Promise<unknown> {
  mkdirSync(join(world, 'plugins/search/services'), { recursive: true })
  writeFileSync(
    join(world, 'plugins/search/plugin.yaml'),
    'name: search\nversion: 1.0.0\ntitle: Search\ndescription: Finds.\nauthor: A shop\nlicense: MIT\nrequires: { bitcartcc: ^1.0.0 }\ncontributes: { services: ./services/docker-compose.yml }\n',
  )
  writeFileSync(
    join(world, 'plugins/search/services/docker-compose.yml'),
    'services: { search: { image: "search:3" } }\n',
  )
  writeFileSync(
    join(world, 'selection.yaml'),
    `distribution: x\ncore: ^1.0.0\nplugins: { search: ^1.0.0 }\ndeployment: ${deployment}\n`,
  )
  const selection = await readSelection(join(world, 'selection.yaml'))
  const cacheDir = join(world, 'cache')
  const resolution = resolve(selection, await readCatalog(selection, { cacheDir }))
  const { lock } = await pin(selection, resolution, {
    isFrozen: false,
    cacheDir,
    out: join(world, 'dist'),
  })
  const { images, capabilities } = lock.plugins['search'] ?? {}
  return { asked: lock.asked.platforms, core: lock.core.images, images, capabilities }
}

test('every image is locked once for each platform that the selection names, in whatever order', async () => {
  const named = 'platforms: [linux/arm64, linux/amd64, linux/arm64]'
  expect(await locked(`{ ${named} }`)).toEqual({
    asked: ['linux/amd64', 'linux/arm64'],
    core: [
      'caddy:2-alpine for linux/amd64',
      'caddy:2-alpine for linux/arm64',
      'postgres:18-alpine for linux/amd64',
      'postgres:18-alpine for linux/arm64',
    ],
    images: ['search:3 for linux/amd64', 'search:3 for linux/arm64'],
    capabilities: ['image search:3', 'service search'],
  })
})

test('a lock says nothing of platforms where the selection does not: it is the same on every machine', async () => {
  expect(await locked('{ proxy: none }')).toEqual({
    asked: undefined,
    core: ['postgres:18-alpine'],
    images: undefined,
    capabilities: ['image search:3', 'service search'],
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { coreImages } from '../model/core-images.ts'
import { readSelection } from '../selection/index.ts'
import { coreServices } from './core-services.ts'
import { originsIn, plainOf } from './sourced.ts'

const digest = `sha256:${'a'.repeat(64)}`

async function services(deployment: string) {
  const folder = mkdtempSync(join(tmpdir(), 'compose-core-'))
  try {
    writeFileSync(
      join(folder, 'selection.yaml'),
      `distribution: shop\ncore: '*'\nplugins: {}\ndeployment: ${deployment}\n`,
    )
    const selection = await readSelection(join(folder, 'selection.yaml'))
    const core = coreServices(selection, [], [])
    const { services: found } = plainOf(core) as {
      readonly services: Readonly<
        Record<string, { image: string; deploy: unknown; ports?: unknown }>
      >
    } // docker-compose's shape
    return {
      ports: Object.entries(found).flatMap(([name, { ports }]) => (ports ? [[name, ports]] : [])),
      services: Object.entries(found).map(([name, { image, deploy }]) => [name, image, deploy]),
      origins: originsIn(core),
      images: coreImages(selection.deployment.proxy.value, [], selection.deployment.coreImages),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const limited = (memory: string) => ({ resources: { limits: { memory } } })

test('every service of core has a limit, api and worker are as many as the selection says, and images carry its digests', async () => {
  const {
    services: found,
    origins,
    images,
  } = await services(
    `{ replicas: { api: 2, worker: 3 }, coreImages: { database: 'postgres:18-alpine@${digest}' } }`,
  )
  expect(found).toEqual([
    ['api', 'shop:latest', { ...limited('512m'), replicas: 2 }],
    ['database', `postgres:18-alpine@${digest}`, limited('1g')],
    ['migrate', 'shop:latest', limited('512m')],
    ['proxy', 'caddy:2-alpine', limited('128m')],
    ['worker', 'shop:latest', { ...limited('512m'), replicas: 3 }],
  ])
  expect([
    origins['services.api.deploy.replicas'],
    origins['services.database.image'],
    origins['services.proxy.image'],
  ]).toEqual([
    { by: 'selection', as: 'deployment.replicas.api' },
    { by: 'selection', as: 'deployment.coreImages.database' },
    { by: 'core', as: 'deployment.proxy' },
  ])
  expect(images).toEqual(['caddy:2-alpine', `postgres:18-alpine@${digest}`])
})

test('behind the proxy of somebody else there is none of ours, and the api publishes its port itself', async () => {
  const { services: found, ports, origins, images } = await services('{ proxy: none }')
  expect([found.map(([name]) => name), ports, images]).toEqual([
    ['api', 'database', 'migrate', 'worker'],
    [['api', [{ protocol: 'tcp', published: '3000', target: 3000 }]]],
    ['postgres:18-alpine'],
  ])
  expect(origins['services.api.ports.0.published']).toEqual({ by: 'core', as: 'deployment.proxy' })
})

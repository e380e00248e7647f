import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { pin } from '../lock/index.ts'
import { resolve } from '../resolve/index.ts'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from '../sources/index.ts'
import { planServices } from './services.ts'

const root = join(import.meta.dirname, '../../..')
async function locked(names: readonly string[], more: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'compose-plan-'))
  cpSync(join(root, 'test/samples/plan-port-conflict/plugins'), join(folder, 'plugins'), {
    recursive: true,
  })
  const selection = {
    distribution: 'test',
    core: '*',
    plugins: Object.fromEntries(names.map((name) => [name, '*'])),
    deployment: { images: 'tags' },
    ...more,
  }
  writeFileSync(join(folder, 'selection.yaml'), stringify(selection))
  const read = await readSelection(join(folder, 'selection.yaml'))
  return {
    selection: read,
    locked: await pin(read, resolve(read, await readCatalog(read)), {
      isFrozen: false,
      out: join(folder, 'dist'),
      cacheDir: join(folder, 'cache'),
    }),
  }
}

const grants = {
  metrics: { ports: { prometheus: 9090 } },
  search: { ports: { 'search-ui': 9091 } },
}

test('every permutation of the plugins merges into one document, or is refused in the same words', async () => {
  const { selection, locked: all } = await locked(['metrics', 'search', 'status-page'])
  const [a, b, c] = all.plugins
  if (!a || !b || !c) throw new Error('three plugins were selected')
  const orders = [
    [a, b, c],
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ]
  const merged = orders.map((plugins) =>
    JSON.stringify(planServices(selection, { ...all, plugins }, [])),
  )
  expect(new Set(merged).size).toBe(1)
})

test('a grant gives the host port', async () => {
  const { selection, locked: all } = await locked(['metrics', 'search'], { grants })
  const { compose, problems } = planServices(selection, all, [])
  const services = compose.document['services'] as Readonly<Record<string, { ports?: unknown }>> // docker-compose's shape
  expect([
    problems,
    services['metrics-prometheus']?.ports,
    services['search-search-ui']?.ports,
  ]).toEqual([
    [],
    [{ protocol: 'tcp', published: '9090', target: 9090 }],
    [{ protocol: 'tcp', published: '9091', target: 8080 }],
  ])
})

test('removing a plugin removes exactly its leaves', async () => {
  const [with_, without] = await Promise.all([
    locked(['metrics', 'status-page'], { grants: { metrics: grants.metrics } }),
    locked(['metrics'], { grants: { metrics: grants.metrics } }),
  ])
  const before = planServices(with_.selection, with_.locked, []).compose.origins
  const after = planServices(without.selection, without.locked, []).compose.origins
  expect(
    Object.keys(before).filter((path) => !(path in after) && !path.includes('status-page')),
  ).toEqual([])
  expect(Object.keys(after).map((path) => [path, before[path]])).toEqual(Object.entries(after))
})

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asJson } from './test-json.ts'
import { whyCommand } from './why.ts'

const home = process.cwd()
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compose-why-'))
  process.env['COMPOSE_CACHE_DIR'] = join(folder, 'cache')
  cpSync(join(import.meta.dirname, '../../../test/samples/plan-forces-nothing'), folder, {
    recursive: true,
  })
  process.chdir(folder)
})
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

async function why(path: string, file = 'right.yaml'): Promise<string> {
  let printed = ''
  const flags = { frozen: false, json: false, quiet: true }
  const print = (text: string) => void (printed += text)
  await whyCommand({ words: [path, file], flags, print, tell: print })
  return printed
}

test('why names the line of the fragment, core, or the path of the selection, for each value below a path', async () => {
  expect(await why('services.metrics-prometheus')).toMatchInlineSnapshot(`
    "services.metrics-prometheus.cap_drop.0                       metrics 1.0.0 services/docker-compose.yml:7
    services.metrics-prometheus.cap_drop.1                       metrics 1.0.0 services/docker-compose.yml:7
    services.metrics-prometheus.deploy.resources.limits.memory   metrics 1.0.0 services/docker-compose.yml:8 (in place of core, default)
    services.metrics-prometheus.environment.LEVEL                metrics 1.0.0 services/docker-compose.yml:6
    services.metrics-prometheus.image                            metrics 1.0.0 services/docker-compose.yml:3
    services.metrics-prometheus.logging.driver                   core, default
    services.metrics-prometheus.logging.options.max-file         core, default
    services.metrics-prometheus.logging.options.max-size         core, default
    services.metrics-prometheus.networks.metrics                 core, default
    services.metrics-prometheus.ports.0.protocol                 metrics 1.0.0 services/docker-compose.yml:4
    services.metrics-prometheus.ports.0.published                selection, grants.metrics.ports.prometheus
    services.metrics-prometheus.ports.0.target                   metrics 1.0.0 services/docker-compose.yml:4
    services.metrics-prometheus.restart                          core, default
    services.metrics-prometheus.security_opt.0                   core, default
    "
  `)
})

test('why core names every range that it fits', async () => {
  expect(await why('core')).toMatchInlineSnapshot(`
    "core 1.0.0
      right.yaml:2   core: ^1.0.0
      metrics 1.0.0 needs core ^1.0.0
    "
  `)
})

test('an entry of a list has its own, and so has what the selection forced', async () => {
  expect((await why('services.metrics-prometheus.ports.0')) + (await why('services.api.restart')))
    .toMatchInlineSnapshot(`
    "services.metrics-prometheus.ports.0.protocol    metrics 1.0.0 services/docker-compose.yml:4
    services.metrics-prometheus.ports.0.published   selection, grants.metrics.ports.prometheus
    services.metrics-prometheus.ports.0.target      metrics 1.0.0 services/docker-compose.yml:4
    services.api.restart   selection, force.services.api.restart (in place of core)
    "
  `)
})

test('--json gives the ranges of core, origins as in docker-compose.yml.map.json, and a problem', async () => {
  expect(await asJson(whyCommand, ['core', 'right.yaml'])).toEqual({
    exit: 0,
    value: {
      name: 'core',
      version: '1.0.0',
      requirements: [
        {
          name: 'core',
          version: '1.0.0',
          range: '^1.0.0',
          from: { file: 'right.yaml', line: 2, text: 'core: ^1.0.0' },
        },
        {
          name: 'core',
          version: '1.0.0',
          range: '^1.0.0',
          from: { name: 'metrics', version: '1.0.0' },
        },
      ],
    },
    told: '',
  })
  expect(await asJson(whyCommand, ['services.metrics-prometheus.ports', 'right.yaml'])).toEqual({
    exit: 0,
    value: {
      origins: {
        'services.metrics-prometheus.ports.0.protocol': {
          by: 'metrics 1.0.0',
          at: 'services/docker-compose.yml:4',
        },
        'services.metrics-prometheus.ports.0.published': {
          by: 'selection',
          as: 'grants.metrics.ports.prometheus',
        },
        'services.metrics-prometheus.ports.0.target': {
          by: 'metrics 1.0.0',
          at: 'services/docker-compose.yml:4',
        },
      },
    },
    told: '',
  })
  expect(await asJson(whyCommand, ['metrisc', 'right.yaml'])).toEqual({
    exit: 1,
    value: {
      problems: [
        {
          code: 'why/unknown-name',
          says: 'Nothing in this distribution is named metrisc.',
          fix: ['Write   compose why metrics'],
        },
      ],
    },
    told: '',
  })
})

test('where two plugins say two things, what the selection forces is the winner', async () => {
  cpSync(join(import.meta.dirname, '../../../test/samples/plan-patch-conflict'), folder, {
    recursive: true,
  })
  expect(
    (await why('services.search-search-ui.environment.LEVEL', 'forced.yaml')) +
      (await why('services.api.environment.METRICS', 'forced.yaml')),
  ).toMatchInlineSnapshot(`
    "services.search-search-ui.environment.LEVEL   selection, force.services.search-search-ui.environment.LEVEL (in place of search 1.0.0 services/docker-compose.yml:5)
    services.api.environment.METRICS   selection, force.services.api.environment.METRICS (in place of metrics 1.0.0 services/docker-compose.yml:10)
    "
  `)
})

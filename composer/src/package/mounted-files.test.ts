import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Plan } from '../model/plan.ts'
import { withMountedFiles } from './mounted-files.ts'

const mount = (source: string) => ({ source, target: '/x', type: 'bind' })
const services = {
  api: { volumes: [{ source: 'data', target: '/data', type: 'volume' }] },
  proxy: { volumes: [mount('./proxy/Caddyfile'), { source: 'proxy', target: '/data' }] },
  metrics: { labels: { plain: 'yes' }, volumes: [mount('./fragments/metrics/conf')] },
  reader: { secrets: [{ source: 'metrics-key', target: 'key' }] },
  forced: { volumes: './proxy:/x', secrets: 5 },
}
const document = { services, secrets: { 'metrics-key': { file: './fragments/metrics/key' } } }
const said = { by: 'metrics 1.0.0', at: 'services/docker-compose.yml:7' }

test('a service is labelled anew when a file that it mounts changed, and only then', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-mounted-'))
  try {
    const plan = (host: string, files: Readonly<Record<'conf' | 'key', string>>) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      return withMountedFiles({
        name: 'shop',
        deployment: { host, mode: 'one-domain', database: 'postgres', proxy: 'caddy' },
        services: [],
        plugins: [{ release: { name: 'metrics', folder } }] as unknown as Plan['plugins'], // all it reads
        compose: {
          document,
          origins: { 'services.metrics.volumes.0.source': said },
          files: ['conf', 'key'].map((file) => ({ plugin: 'metrics', file })),
        },
      })
    }
    const labels = (made: ReturnType<typeof plan>) =>
      Object.entries(made.document['services'] as Record<string, { labels?: object }>).map(
        ([name, { labels: found }]) => [name, found], // docker-compose's shape
      )
    const first = plan('a.example.com', { conf: 'one', key: 'two' })
    const hash = expect.stringMatching(/^sha256-/) as string
    expect(labels(first)).toEqual([
      ['api', undefined],
      ['proxy', { 'com.bitcartcc.files': hash }],
      ['metrics', { plain: 'yes', 'com.bitcartcc.files': hash }],
      ['reader', { 'com.bitcartcc.files': hash }],
      ['forced', undefined],
    ])
    expect(first.origins['services.metrics.labels.com.bitcartcc.files']).toEqual({
      by: 'core',
      as: 'a hash',
      from: [said],
    })
    const changes = (other: ReturnType<typeof plan>) => {
      const before = new Map(labels(first).map(([name, found]) => [name, JSON.stringify(found)]))
      return labels(other).flatMap(([name, found]) =>
        before.get(name) === JSON.stringify(found) ? [] : [name],
      )
    }
    expect([
      changes(plan('a.example.com', { conf: 'one', key: 'two' })),
      changes(plan('b.example.com', { conf: 'one', key: 'two' })),
      changes(plan('a.example.com', { conf: 'other', key: 'two' })),
      changes(plan('a.example.com', { conf: 'one', key: 'other' })),
    ]).toEqual([[], ['proxy'], ['metrics'], ['reader']])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

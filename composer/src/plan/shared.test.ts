import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { planServices } from './services.ts'
import { makeWorld, removeWorld } from './test-world.ts'

const needing = (name: string, needs: Readonly<Record<string, string>>) => ({
  name,
  fragment: stringify({ services: { main: { image: 'example/main:1.0.0' } } }),
  services: { fragment: './services/docker-compose.yml', needs },
  grants: {},
})

test('what several plugins need is given once, in the newest version that lies in every range, and each is told where', async () => {
  const world = await makeWorld(
    [
      needing('loyalty', { valkey: '>=7', memcached: '^1.6.0' }),
      needing('search', { valkey: '^7.0.0', redis: '*' }),
    ],
    {},
  )
  try {
    const { compose, problems } = planServices(world.selection, world.locked, [])
    const services = compose.document['services'] as Readonly<
      Record<string, Readonly<Record<string, unknown>>>
    > // docker-compose's shape
    const seen = (name: string) => {
      const { image, healthcheck, networks, volumes } = services[name] ?? {}
      return [image, (healthcheck as { test?: unknown }).test, networks, volumes] // docker-compose's shape
    }
    const lasting = (source: string) => [{ source, target: '/data', type: 'volume' }]
    expect([problems, seen('memcached'), seen('redis'), seen('valkey')]).toEqual([
      [],
      [
        'memcached:1.6-alpine',
        ['CMD-SHELL', 'echo version | nc -w 1 127.0.0.1 11211 | grep -q VERSION'],
        { inside: {}, loyalty: {} },
        undefined,
      ],
      [
        'redis:8.2-alpine',
        ['CMD', 'redis-cli', 'ping'],
        { inside: {}, search: {} },
        lasting('redis'),
      ],
      [
        'valkey/valkey:7.2-alpine',
        ['CMD', 'valkey-cli', 'ping'],
        { inside: {}, loyalty: {}, search: {} },
        lasting('valkey'),
      ],
    ])
    expect([
      services['loyalty-main']?.['environment'],
      services['search-main']?.['environment'],
    ]).toEqual([
      { MEMCACHED_URL: 'memcached://memcached:11211', VALKEY_URL: 'redis://valkey:6379' },
      { REDIS_URL: 'redis://redis:6379', VALKEY_URL: 'redis://valkey:6379' },
    ])
    expect(Object.keys(compose.document['volumes'] as object)).toEqual([
      'data',
      'database',
      'proxy',
      'redis',
      'valkey',
    ])
    expect(compose.origins['services.valkey.image']).toEqual({
      by: 'core',
      as: 'needs.valkey',
      from: [
        { by: 'loyalty 1.0.0', at: 'plugin.yaml:13' },
        { by: 'search 1.0.0', at: 'plugin.yaml:13' },
      ],
    })
  } finally {
    removeWorld(world)
  }
})

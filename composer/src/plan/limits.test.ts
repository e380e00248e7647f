import { stringify } from 'yaml'
import { expect, test } from 'vitest'
import { planServices } from './services.ts'
import { makeWorld, removeWorld } from './test-world.ts'

test('a service with a limit of processes says its other limits beside it: no edition of docker-compose takes both forms', async () => {
  const image = 'example/a:1.0.0'
  const services = {
    few: {
      image,
      pids_limit: 100,
      mem_limit: '64m',
      deploy: { resources: { limits: { cpus: 1 } } },
    },
    plain: { image, pids_limit: 10 },
    other: { image, mem_limit: '64m' },
  }
  const made = {
    name: 'limited',
    fragment: stringify({ services }),
    services: { fragment: './services/docker-compose.yml' },
    grants: {},
  }
  const world = await makeWorld([made], {})
  try {
    const { compose, problems } = planServices(world.selection, world.locked, [])
    expect(problems).toEqual([])
    const merged = compose.document['services'] as Readonly<Record<string, object>> // docker-compose's shape
    const limits = Object.entries(merged)
      .filter(([name]) => name.startsWith('limited-'))
      .map(([name, { ...all }]) => [
        name,
        Object.fromEntries(
          Object.entries(all).filter(([key]) =>
            ['deploy', 'pids_limit', 'mem_limit', 'cpus'].includes(key),
          ),
        ),
      ])
    expect(limits).toEqual([
      ['limited-few', { pids_limit: 100, mem_limit: '64m', cpus: '1' }],
      ['limited-other', { deploy: { resources: { limits: { memory: '64m' } } } }],
      ['limited-plain', { pids_limit: 10, mem_limit: '256m' }],
    ])
    expect(compose.origins['services.limited-plain.mem_limit']).toEqual({
      by: 'core',
      as: 'default',
    })
    expect(compose.origins['services.limited-few.mem_limit']).toMatchObject({ by: 'limited 1.0.0' })
  } finally {
    removeWorld(world)
  }
})

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { pin } from '../lock/index.ts'
import { resolve } from '../resolve/index.ts'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from '../sources/index.ts'
import { planServices } from './services.ts'

const samples = join(import.meta.dirname, '../../../test/samples')

/** The plugin metrics of a sample with another fragment and grants: its part of the merged file. */
async function merged(fragment: object, grants: object) {
  const folder = mkdtempSync(join(tmpdir(), 'compose-grants-'))
  try {
    cpSync(join(samples, 'plan-missing-resource/plugins'), join(folder, 'plugins'), {
      recursive: true,
    })
    writeFileSync(join(folder, 'plugins/metrics/services/docker-compose.yml'), stringify(fragment))
    writeFileSync(
      join(folder, 'selection.yaml'),
      stringify({
        distribution: 'test',
        core: '*',
        plugins: { metrics: '*' },
        deployment: { images: 'tags' },
        grants: { metrics: grants },
      }),
    )
    const selection = await readSelection(join(folder, 'selection.yaml'))
    const locked = await pin(selection, resolve(selection, await readCatalog(selection)), {
      isFrozen: false,
      out: join(folder, 'dist'),
      cacheDir: join(folder, 'cache'),
    })
    const { compose, privileges, problems } = planServices(selection, locked, [])
    const document = compose.document as Readonly<Record<string, Record<string, unknown>>> // docker-compose's shape
    const own = (key: string) =>
      Object.fromEntries(
        Object.entries(document[key] ?? {}).filter(([name]) => name.startsWith('metrics')),
      )
    return {
      problems,
      privileges,
      capabilities: locked.plugins[0]?.capabilities,
      files: compose.files,
      services: own('services'),
      networks: own('networks'),
      secrets: own('secrets'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('what is granted is passed on, and told in the plan and among the capabilities of the lock', async () => {
  const service = {
    image: 'example/metrics:1.0.0',
    network_mode: 'host',
    cap_add: ['NET_ADMIN'],
    volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro', '/srv/metrics:/data'],
  }
  const privileges = [
    'docker-socket',
    'host-path:/srv/metrics',
    'host-network',
    'capability:NET_ADMIN',
  ]
  expect(await merged({ services: { metrics: service } }, { privileges })).toMatchInlineSnapshot(`
    {
      "capabilities": [
        "image example/metrics:1.0.0",
        "privilege capability:NET_ADMIN",
        "privilege docker-socket",
        "privilege host-network",
        "privilege host-path:/srv/metrics",
        "service metrics",
      ],
      "files": [],
      "networks": {
        "metrics": {},
      },
      "privileges": [
        {
          "names": [
            "capability:NET_ADMIN",
            "docker-socket",
            "host-network",
            "host-path:/srv/metrics",
          ],
          "plugin": "metrics",
        },
      ],
      "problems": [],
      "secrets": {},
      "services": {
        "metrics": {
          "cap_add": [
            "NET_ADMIN",
          ],
          "deploy": {
            "resources": {
              "limits": {
                "memory": "256m",
              },
            },
          },
          "image": "example/metrics:1.0.0",
          "logging": {
            "driver": "json-file",
            "options": {
              "max-file": "3",
              "max-size": "10m",
            },
          },
          "network_mode": "host",
          "restart": "unless-stopped",
          "security_opt": [
            "no-new-privileges:true",
          ],
          "volumes": [
            {
              "read_only": true,
              "source": "/var/run/docker.sock",
              "target": "/var/run/docker.sock",
              "type": "bind",
            },
            {
              "source": "/srv/metrics",
              "target": "/data",
              "type": "bind",
            },
          ],
        },
      },
    }
  `)
})

test('networks, configs and secrets of a fragment carry the name of its plugin; a config is a file that is mounted', async () => {
  const fragment = {
    services: {
      metrics: {
        image: 'example/metrics:1.0.0',
        networks: { inside: { aliases: ['here'] }, default: null, shared: null },
        configs: ['settings', { source: 'settings', target: '/etc/settings.conf' }],
        secrets: ['key', { source: 'key', target: 'key.pem' }],
      },
      store: { image: 'example/store:1.0.0', networks: ['inside'] },
    },
    networks: { inside: { internal: true }, shared: { external: true, name: 'proxies' } },
    configs: { settings: { file: './settings.conf' } },
    secrets: { key: { file: 'settings.conf' } },
  }
  expect(await merged(fragment, { privileges: ['external-network:proxies'] }))
    .toMatchInlineSnapshot(`
    {
      "capabilities": [
        "image example/metrics:1.0.0",
        "image example/store:1.0.0",
        "privilege external-network:proxies",
        "service metrics",
        "service store",
      ],
      "files": [
        {
          "file": "services/settings.conf",
          "plugin": "metrics",
        },
      ],
      "networks": {
        "metrics": {},
        "metrics-inside": {
          "internal": true,
        },
        "metrics-shared": {
          "external": true,
          "name": "proxies",
        },
      },
      "privileges": [
        {
          "names": [
            "external-network:proxies",
          ],
          "plugin": "metrics",
        },
      ],
      "problems": [],
      "secrets": {
        "metrics-key": {
          "file": "./fragments/metrics/services/settings.conf",
        },
      },
      "services": {
        "metrics": {
          "deploy": {
            "resources": {
              "limits": {
                "memory": "256m",
              },
            },
          },
          "image": "example/metrics:1.0.0",
          "logging": {
            "driver": "json-file",
            "options": {
              "max-file": "3",
              "max-size": "10m",
            },
          },
          "networks": {
            "metrics": {},
            "metrics-inside": {
              "aliases": [
                "here",
              ],
            },
            "metrics-shared": {},
          },
          "restart": "unless-stopped",
          "secrets": [
            {
              "source": "metrics-key",
              "target": "key",
            },
            {
              "source": "metrics-key",
              "target": "key.pem",
            },
          ],
          "security_opt": [
            "no-new-privileges:true",
          ],
          "volumes": [
            {
              "read_only": true,
              "source": "./fragments/metrics/services/settings.conf",
              "target": "/settings",
              "type": "bind",
            },
            {
              "read_only": true,
              "source": "./fragments/metrics/services/settings.conf",
              "target": "/etc/settings.conf",
              "type": "bind",
            },
          ],
        },
        "metrics-store": {
          "deploy": {
            "resources": {
              "limits": {
                "memory": "256m",
              },
            },
          },
          "image": "example/store:1.0.0",
          "logging": {
            "driver": "json-file",
            "options": {
              "max-file": "3",
              "max-size": "10m",
            },
          },
          "networks": {
            "metrics-inside": {},
          },
          "restart": "unless-stopped",
          "security_opt": [
            "no-new-privileges:true",
          ],
        },
      },
    }
  `)
})

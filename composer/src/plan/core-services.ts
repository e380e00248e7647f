import { coreImage } from '../model/core-images.ts'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { EnvVariable } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import { replicasWithoutProxy } from './service-problems.ts'
import { coreOrigins } from './core-origins.ts'
import { sourcedTable, type Table as SourcedTable } from './sourced.ts'

type Table = Record<string, unknown>

/** Names of the merged file that are core's. */
export const coreServiceNames: readonly string[] = ['api', 'database', 'migrate', 'proxy', 'worker']

/** What every service of the file gets. */
export const always: Table = {
  logging: { driver: 'json-file', options: { 'max-file': '3', 'max-size': '10m' } },
  security_opt: ['no-new-privileges:true'],
}

/**
 * What every program of the distribution runs in: the image built from its folder, as a user without any capability, on a
 * file system that only its volumes and a temporary folder let it write to.
 */
export const ownImage = (distribution: string): Table => ({
  build: { context: '.' },
  cap_drop: ['ALL'],
  image: `${distribution}:latest`,
  read_only: true,
  tmpfs: ['/tmp'],
})

/** Host ports core publishes: by the proxy, or by the api where there is none. */
export const corePorts = (
  selection: Selection,
): readonly { readonly service: string; readonly port: number }[] => {
  const { proxy } = selection.deployment
  if (proxy.value === 'none') return [{ service: 'api', port: 3000 }]
  return (proxy.value === 'caddy' ? [80, 443] : [80]).map((port) => ({ service: 'proxy', port }))
}

/**
 * Core's part of docker-compose.yml: database, one-shot migrate, api, worker and proxy.
 *
 * `variables` are those an operator may set; api and worker get the values of theirs from wherever docker-compose was told
 * that they are, and nothing else that stands there.
 */
export function coreServices(
  selection: Selection,
  exposing: readonly string[],
  variables: readonly EnvVariable[],
): SourcedTable {
  const { proxy, coreImages, replicas } = selection.deployment
  const name = selection.distribution.value
  const environment = {
    DATABASE_URL: 'postgres://postgres@database:5432/postgres',
    DATA_DIR: '/data',
    HOST: '0.0.0.0',
    // Beside the address, not in it: there `@`, `/` and the like would mean something.
    PGPASSWORD: '${POSTGRES_PASSWORD:?set it in .env}',
    PORT: '3000',
  }
  const program = {
    ...always,
    ...ownImage(name),
    environment,
    volumes: [volume('data', '/data')],
  }
  const configured = {
    ...program,
    environment: {
      ...Object.fromEntries(
        variables
          .filter(({ name }) => name !== 'POSTGRES_PASSWORD')
          .map(({ name }) => [name, null]),
      ),
      ...environment,
    },
  }
  const ready = { migrate: { condition: 'service_completed_successfully' } }
  const ports = (service: string) => {
    const found = corePorts(selection).filter((each) => each.service === service)
    return found.length === 0
      ? {}
      : {
          ports: found.map(({ port }) => ({
            protocol: 'tcp',
            published: String(port),
            target: port,
          })),
        }
  }
  const services: Table = {
    database: {
      ...always,
      deploy: deploy('1g'),
      image: coreImage('database', coreImages),
      environment: { POSTGRES_PASSWORD: '${POSTGRES_PASSWORD:?set it in .env}' },
      healthcheck: {
        // Over the network: while the image prepares its first cluster, only the socket answers.
        test: ['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', 'postgres'],
        interval: '5s',
        timeout: '3s',
        retries: 20,
      },
      networks: { inside: {} },
      restart: 'unless-stopped',
      volumes: [volume('database', '/var/lib/postgresql')],
    },
    migrate: {
      ...program,
      command: ['migrate'],
      deploy: deploy('512m'),
      depends_on: { database: { condition: 'service_healthy' } },
      healthcheck: { disable: true },
      networks: { inside: {} },
      restart: 'no',
    },
    api: {
      ...configured,
      command: ['api'],
      deploy: deploy('512m', replicas.value.api),
      depends_on: ready,
      networks: Object.fromEntries(['inside', 'outside', ...exposing].map((each) => [each, {}])),
      restart: 'unless-stopped',
      ...ports('api'),
    },
    worker: {
      ...configured,
      command: ['worker'],
      deploy: deploy('512m', replicas.value.worker),
      depends_on: ready,
      healthcheck: { disable: true },
      networks: { inside: {}, outside: {} },
      restart: 'unless-stopped',
    },
  }
  if (proxy.value !== 'none')
    services['proxy'] = {
      ...always,
      deploy: deploy('128m'),
      image: coreImage(proxy.value, coreImages),
      depends_on: { api: { condition: 'service_healthy' } },
      networks: Object.fromEntries(['outside', ...exposing].map((each) => [each, {}])),
      restart: 'unless-stopped',
      volumes: [
        proxy.value === 'caddy'
          ? bind('./proxy/Caddyfile', '/etc/caddy/Caddyfile')
          : bind('./proxy/nginx.conf', '/etc/nginx/conf.d/default.conf'),
        ...(proxy.value === 'caddy' ? [volume('proxy', '/data')] : []),
      ],
      ...ports('proxy'),
    }
  const document = {
    services,
    volumes: { data: {}, database: {}, ...(proxy.value === 'caddy' ? { proxy: {} } : {}) },
    networks: { inside: { internal: true }, outside: {} },
  }
  return sourcedTable(document, coreOrigins(selection, variables))
}

/** How much memory a container may take, and how many there are. docker-compose 1.29 takes no `scale` beside it. */
const deploy = (memory: string, replicas = 1): Table => ({
  ...(replicas === 1 ? {} : { replicas }),
  resources: { limits: { memory } },
})

/** Several containers cannot publish one port of the host. */
export const replicaProblems = ({ deployment, shownAs }: Selection): readonly Problem[] =>
  deployment.proxy.value === 'none' && deployment.replicas.value.api > 1
    ? [replicasWithoutProxy(deployment, shownAs)]
    : []

const volume = (source: string, target: string) => ({ source, target, type: 'volume' })
const bind = (source: string, target: string) => ({ read_only: true, source, target, type: 'bind' })

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { stringify } from 'yaml'
import { templatesFolder } from '../house.ts'
import { container } from '../model/container.ts'
import type { Plan } from '../model/plan.ts'
import { envSchema } from './env-schema.ts'

/** The texts a distribution is dressed in, from `dist-templates/`: path → text. */
export function texts(plan: Plan): ReadonlyMap<string, string> {
  const { name } = plan
  const document = stringify(plan.compose.document, {
    sortMapEntries: true,
    lineWidth: 0,
    // Read by parsers of both editions: a bare `no` is false to one of them.
    version: '1.1',
  }).trimEnd()
  const plugins = plan.plugins.map(({ release }) => `${release.name} ${release.version}`)
  return new Map([
    ['docker-compose.yml', render('docker-compose.yml', { name, plugins, document })],
    ['docker-compose.yml.map.json', originsMap(plan)],
    [
      'Dockerfile',
      render('Dockerfile', { name, node: process.versions.node, ...dockerfileValues() }),
    ],
    ['.dockerignore', render('dockerignore', {})],
    ['env.schema.json', `${JSON.stringify(envSchema(plan), null, 2)}\n`],
    ['.env.example', render('env.example', { name, owners: ownersOf(plan) })],
    ...proxyTexts(plan),
  ])
}

const render = (template: string, values: object) =>
  Handlebars.compile(readFileSync(join(templatesFolder, `${template}.hbs`), 'utf8'), {
    strict: true,
    noEscape: true,
  })(values)

type Proxied = Pick<Plan, 'name' | 'deployment' | 'services' | 'compose'>

/** The configuration of the proxy, where the stack has one: path → text. */
export function proxyTexts(plan: Proxied): ReadonlyMap<string, string> {
  const file = { caddy: 'proxy/Caddyfile', nginx: 'proxy/nginx.conf', none: undefined }[
    plan.deployment.proxy
  ]
  return new Map(file === undefined ? [] : [[file, render(file, proxyValues(plan))]])
}

/** Path of each value of docker-compose.yml → where it comes from; sorted, one a line. */
function originsMap({ compose }: Plan): string {
  const lines = Object.entries(compose.origins).map(
    ([path, origin]) => `    ${JSON.stringify(path)}: ${JSON.stringify(origin)}`,
  )
  return `{\n  "format": 1,\n  "file": "docker-compose.yml",\n  "origins": {\n${lines.join(',\n')}\n  }\n}\n`
}

function dockerfileValues() {
  const { entrypoint, command, healthcheck, healthcheckSeconds } = container
  const list = (words: readonly string[]) =>
    `[${words.map((each) => JSON.stringify(each)).join(', ')}]`
  return {
    ...container,
    entrypoint: list(entrypoint),
    command: list(command),
    healthcheck: list(healthcheck),
    ...healthcheckSeconds,
  }
}

function ownersOf({ env, plugins }: Plan) {
  const titleOf = (owner: string) =>
    plugins.find(({ release }) => release.name === owner)?.release.manifest.title ?? 'The server'
  // Core's own first: they are what everybody needs.
  return [...Map.groupBy(env, ({ owner }) => owner)]
    .toSorted(([a], [b]) => (a === 'core' ? -1 : b === 'core' ? 1 : a < b ? -1 : 1))
    .map(([owner, variables]) => ({
      title: owner === 'core' ? 'The server' : `${titleOf(owner)} (${owner})`,
      variables: variables.map(({ generated, ...each }) => ({
        default: '',
        takes: '',
        isGenerated: generated !== undefined,
        ...each,
      })),
    }))
}

function proxyValues({ name, deployment, services, compose }: Proxied) {
  const isMultiDomain = deployment.mode === 'multi-domain'
  const serverHost = serverName(compose.document)
  const server = `${serverHost}:3000`
  const exposed = services
    .filter(({ path }) => path !== undefined)
    .map(({ name: service, plugin, path, port, stripPrefix, auth }) => ({
      name: service,
      plugin,
      path,
      stripPrefix,
      isForStaff: auth === 'admin',
      upstream: `${service}:${port ?? 80}`,
    }))
    // The longest path is asked first.
    .toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0) || (a.name < b.name ? -1 : 1))
  const site = (host: string, home: string) => ({
    host,
    home,
    server,
    serverHost,
    hasReplicas: replicasOf(compose.document, serverHost) > 1,
    services: exposed,
    hasStaffOnly: exposed.some(({ isForStaff }) => isForStaff),
  })
  const { host } = deployment
  return {
    name,
    isMultiDomain,
    sites: isMultiDomain ? [site(host, ''), site(`admin.${host}`, '/admin')] : [site(host, '')],
  }
}

/** The container that answers for core. */
function serverName(document: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(document['services'] ?? {})
  return ['api', 'server'].find((name) => names.includes(name)) ?? 'api'
}

function replicasOf(document: Readonly<Record<string, unknown>>, name: string): number {
  const services = document['services'] as Readonly<
    Record<string, { readonly deploy?: { readonly replicas?: number } }>
  > // docker-compose's shape
  return services[name]?.deploy?.replicas ?? 1
}

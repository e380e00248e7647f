import { stringify } from 'yaml'
import { container } from '../model/container.ts'
import type { Plan } from '../model/plan.ts'
import { envSchema } from './env-schema.ts'
import { withMountedFiles } from './mounted-files.ts'
import { proxyTexts } from './proxy-texts.ts'
import { render } from './render.ts'

/** The texts a distribution is dressed in, from `dist-templates/`: path → text. */
export function texts(plan: Plan): ReadonlyMap<string, string> {
  const { name } = plan
  const compose = withMountedFiles(plan)
  const document = stringify(compose.document, {
    sortMapEntries: true,
    lineWidth: 0,
    // Read by parsers of both editions: a bare `no` is false to one of them.
    version: '1.1',
  }).trimEnd()
  const plugins = plan.plugins.map(({ release }) => `${release.name} ${release.version}`)
  return new Map([
    ['docker-compose.yml', render('docker-compose.yml', { name, plugins, document })],
    ['docker-compose.yml.map.json', originsMap(compose)],
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

/** Path of each value of docker-compose.yml → where it comes from; sorted, one a line. */
function originsMap({ origins }: Pick<Plan['compose'], 'origins'>): string {
  const lines = Object.entries(origins).map(
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

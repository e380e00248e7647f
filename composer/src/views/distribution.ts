import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { size } from './progress.ts'
import { counted } from './shown.ts'

/** What lies in a distribution, as a tree with sizes. */
export function distributionView(folder: string, shownAs: string): string {
  const facts = JSON.parse(readFileSync(join(folder, 'distribution.json'), 'utf8')) as {
    node: string
    plugins: unknown[]
    migrations: unknown[]
    services: unknown[]
    machines?: string[]
    deployment: { mode: string; proxy: string }
  } // made by the package stage
  const notes: Readonly<Record<string, string>> = {
    'server.js': `node ${facts.node.replace(/^v/, '')}`,
    'migrations/': counted(facts.migrations.length, 'step'),
    'docker-compose.yml': `${counted(facts.services.length, 'service')} of plugins`,
    'native/': `runs on ${facts.machines?.join(' and ') ?? ''} only`,
    'proxy/': `${facts.deployment.proxy}, ${facts.deployment.mode.replace('-', ' ')}`,
    'distribution.json': counted(facts.plugins.length, 'plugin'),
  }
  const rows = [
    'server.js',
    'program.js',
    'chunks/',
    'validators.js',
    'services/',
    'native/',
    'public/admin/',
    'public/store/',
    'migrations/',
    'docker-compose.yml',
    'docker-compose.yml.map.json',
    '.env.example',
    'env.schema.json',
    'Dockerfile',
    'fragments/',
    'proxy/',
    'distribution.json',
    'selection.lock',
    'sbom.cdx.json',
    'SHA256SUMS',
  ]
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => ({ name, bytes: bytesBelow(join(folder, name)), note: notes[name] ?? '' }))
  return [
    `  ${shownAs}`,
    ...rows.map(({ name, bytes, note }, at) =>
      `  ${at === rows.length - 1 ? '└─' : '├─'} ${name.padEnd(27)} ${size(bytes).padStart(8)}  ${note}`.trimEnd(),
    ),
    '',
  ].join('\n')
}

function bytesBelow(path: string): number {
  if (statSync(path).isFile()) return statSync(path).size
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.gz'))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

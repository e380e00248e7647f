import { createHash } from 'node:crypto'
import type { Distribution } from '@bitcartcc/sdk/resources'
import type { Manifest } from '@bitcartcc/sdk/manifest'
import { machinesOf } from '../model/platform.ts'
import type { Plan } from '../model/plan.ts'

/** `distribution.json`: what this distribution is made of. */
export function distributionFacts(plan: Plan, lockText: string): Distribution {
  return {
    format: 1,
    name: plan.name,
    core: plan.core,
    node: process.versions.node,
    digest: `sha256-${createHash('sha256').update(lockText).digest('base64')}`,
    plugins: plan.plugins.map(({ release: { manifest }, tree, native }) => ({
      name: manifest.name,
      version: manifest.version,
      title: manifest.title,
      description: manifest.description,
      author: manifest.author,
      license: manifest.license,
      kind: kindOf(manifest),
      contributes: contributionsOf(plan, manifest),
      integrity: tree,
      ...(native === undefined ? {} : { native: [...native] }),
    })),
    ...(plan.plugins.some(({ native }) => native !== undefined)
      ? { machines: [...machinesOf(plan.deployment.platforms ?? [])] }
      : {}),
    migrations: plan.migrations.steps.map(({ id, checksum }) => ({ id, checksum })),
    services: plan.services.map((service) => ({
      plugin: service.plugin,
      name: service.name,
      entry: service.entryFile === undefined ? null : `services/${service.name}.js`,
      path: service.path ?? null,
      port: service.port ?? null,
      stripPrefix: service.stripPrefix,
      auth: service.auth,
    })),
    deployment: plan.deployment,
    settings: plan.settings,
  }
}

/** Backend, UI, service or mixed: read off what a plugin contributes; texts are UI where there is nothing else. */
export function kindOf({ contributes: { locales, ...contributes } }: Manifest): string {
  const kinds = new Set(
    Object.keys(contributes).map((point) =>
      point === 'services' ? 'service' : /^(admin|store)\./.test(point) ? 'UI' : 'backend',
    ),
  )
  return kinds.size > 1 ? 'mixed' : ([...kinds][0] ?? (locales ? 'UI' : 'backend'))
}

function contributionsOf(plan: Plan, { name, contributes }: Manifest): Record<string, number> {
  const many = (point: string, value: unknown): number => {
    if (point === 'api.routes')
      return plan.routes.find(({ plugin }) => plugin === name)?.keys.length ?? 0
    if (point === 'migrations')
      return plan.migrations.steps.filter(({ plugin }) => plugin === name).length
    if (point === 'services') return plan.services.filter(({ plugin }) => plugin === name).length
    return Array.isArray(value) ? value.length : 1
  }
  return Object.fromEntries(
    Object.entries(contributes)
      .map(([point, value]) => [point, many(point, value)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

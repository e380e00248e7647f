import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Files } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import type { Origin } from '../model/origin.ts'
import type { Plan } from '../model/plan.ts'
import { proxyTexts } from './proxy-texts.ts'

type Compose = Pick<Plan['compose'], 'document' | 'origins'>
/** What a container was made with; docker-compose compares labels, and never looks into a file that it mounts. */
const label = 'com.bitcartcc.files'

/** The configs and secrets that fragments name, as their plugins hold them: path in the distribution → bytes. */
export const fragmentFiles = ({ plugins, compose }: Pick<Plan, 'plugins' | 'compose'>): Files =>
  new Map(
    compose.files.map(({ plugin, file }) => {
      const folder = plugins.find(({ release }) => release.name === plugin)?.release.folder ?? ''
      return [`fragments/${plugin}/${file}`, readFileSync(join(folder, file))] as const
    }),
  )

/**
 * The merged file, its services labelled with a hash of the files of the distribution that they mount: `up` makes the
 * container anew where one of these changed.
 */
export function withMountedFiles(
  plan: Pick<Plan, 'name' | 'deployment' | 'services' | 'compose' | 'plugins'>,
): Compose {
  const files = new Map([
    ...fragmentFiles(plan),
    ...[...proxyTexts(plan)].map(([path, text]) => [path, Buffer.from(text)] as const),
  ])
  const { document, origins } = plan.compose
  const labelled: Record<string, unknown> = {}
  const added: [string, Origin][] = []
  for (const [name, service] of Object.entries(tableIn(document, 'services'))) {
    const mounted = mountsOf(name, service, document).flatMap(({ source, path }) => {
      const bytes = files.get(source.replace(/^\.\//, ''))
      return bytes ? [{ source, bytes, origin: origins[path] }] : []
    })
    labelled[name] = service
    if (mounted.length === 0) continue
    const hash = hashOf(...mounted.flatMap(({ source, bytes }) => [source, bytes]))
    labelled[name] = {
      ...(service as object),
      labels: { ...tableIn(service, 'labels'), [label]: hash },
    } // it mounts something
    const from = mounted.flatMap(({ origin }) => (origin ? [origin] : []))
    added.push([`services.${name}.labels.${label}`, { by: 'core', as: 'a hash', from }])
  }
  return {
    document: { ...document, services: labelled },
    origins: Object.fromEntries(
      [...Object.entries(origins), ...added].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  }
}

/** What a service mounts, each with the path in the merged file that says so. */
function mountsOf(
  name: string,
  service: unknown,
  document: unknown,
): readonly { readonly source: string; readonly path: string }[] {
  const secrets = tableIn(document, 'secrets')
  return [
    ...sourcesIn(service, 'volumes').map((source, at) => ({
      source,
      path: `services.${name}.volumes.${at}.source`,
    })),
    ...sourcesIn(service, 'secrets').map((secret) => ({
      source: String(tableIn(secrets, secret)['file']),
      path: `secrets.${secret}.file`,
    })),
  ]
}

// The selection may have forced anything into the place of what is there by rule.
const tableIn = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
  const inner = isTable(value) ? value[key] : undefined
  return isTable(inner) ? inner : {}
}
const sourcesIn = (value: unknown, key: string): readonly string[] => {
  const items = isTable(value) ? value[key] : undefined
  return Array.isArray(items)
    ? items.map((each: unknown) => String(isTable(each) ? each['source'] : each))
    : []
}
const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest, SettingDeclaration } from '@bitcartcc/sdk/manifest'
import { choicesOf } from '@bitcartcc/sdk/names'
import { schemaOf } from '@bitcartcc/sdk/names'
import type { Release } from '../model/release.ts'
import { literal, object, typeOf, union } from './json-schema.ts'
import { columnType, type Catalog, type Table } from './tables.ts'

/** What a plugin can know of the others that are there. */
export interface Others {
  /** `ledger.booked` → JSON Schema of its payload. */
  readonly events: ReadonlyMap<string, unknown>
  /** Plugin → tables and views that those which require it may read. */
  readonly published: ReadonlyMap<string, readonly string[]>
}

const header = '// Made by compose from plugin.yaml and the rehearsed migrations. Edits are lost.\n'
const longestLine = 100
/** What `bind` gives, in the order it is written. */
const constructors = [
  'route',
  'routes',
  'job',
  'listener',
  'paymentMethod',
  'rateProvider',
  'notifyChannel',
  'command',
  'hook',
]

/**
 * The text of a plugin's `plugin.gen.ts`:
 *
 *     import { bind, type Generated } from '@bitcartcc/sdk/server'
 *
 *     export interface Ratings {
 *       name: 'ratings'
 *       permission: 'ratings.view'
 *       settings: {}
 *       storeSettings: { minimum: number }
 *       userSettings: {}
 *       jobs: { recount: Record<string, never> }
 *       emits: {}
 *       consumes: {}
 *       templates: { thanks: { title: string } }
 *       metadata: { product: { source: string } }
 *       tables: { votes: { id: Generated<string>; stars: number }; 'p_ledger.balances': { amount: string } }
 *     }
 *
 *     export const { route, routes, job, listener, … } = bind<Ratings>()
 */
export function pluginGen(manifest: Manifest, others: Others, catalog: Catalog): string {
  const name = manifest.name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
  const members = membersOf(manifest, others.events, [
    ...(catalog[schemaOf(manifest.name)] ?? []),
    ...tablesOfOthers(manifest, others, catalog),
  ])
  const body = members.map(([key, type]) => laidOut(key, type, 1)).join('')
  const names = ['bind', ...(body.includes('Generated<') ? ['type Generated'] : [])].join(', ')
  return `${header}import { ${names} } from '@bitcartcc/sdk/server'\n\nexport interface ${name} {\n${body}}\n\nexport const {\n${constructors.map((each) => `  ${each},\n`).join('')}} = bind<${name}>()\n`
}

function membersOf(
  { name, permissions, settings, emits, metadata, contributes }: Manifest,
  events: Others['events'],
  tables: readonly Table[],
): readonly (readonly [string, string])[] {
  const consumed = (contributes['worker.events'] ?? []).map(({ event }) => event)
  const scoped = (scope: 'global' | 'store' | 'user') =>
    Object.fromEntries(
      Object.entries(settings ?? {}).filter(([, each]) => (each.scope ?? 'global') === scope),
    )
  const rows = <T>(record: Readonly<Record<string, T>>, type: (value: T) => string) =>
    object(Object.entries(record).map(([key, value]) => [key, type(value)] as const))
  return [
    ['name', literal(name)],
    ['permission', union(Object.keys(permissions ?? {}).map(literal))],
    ['settings', rows(scoped('global'), settingType)],
    ['storeSettings', rows(scoped('store'), settingType)],
    ['userSettings', rows(scoped('user'), settingType)],
    [
      'jobs',
      object(
        (contributes['worker.jobs'] ?? []).map(
          (job) => [job.name, job.payload ? typeOf(job.payload) : 'Record<string, never>'] as const,
        ),
      ),
    ],
    ['emits', rows(emits ?? {}, typeOf)],
    [
      'consumes',
      object(
        [...new Set(consumed)]
          .filter((event) => events.has(event))
          .map((event) => [event, typeOf(events.get(event))] as const),
      ),
    ],
    [
      'templates',
      object(
        (contributes.templates ?? []).map(
          (template) => [template.name, typeOf(template.variables ?? { type: 'object' })] as const,
        ),
      ),
    ],
    ['metadata', rows(metadata ?? {}, (keys) => rows(keys, typeOf))],
    [
      'tables',
      object(
        tables.map(
          (table) =>
            [
              table.name,
              object(table.columns.map((column) => [column.name, columnType(column)] as const)),
            ] as const,
        ),
      ),
    ],
  ]
}

/** `p_ledger.balances`, to be read: what PostgreSQL fills is a value like any other. */
function tablesOfOthers(
  { requires }: Manifest,
  { published }: Others,
  catalog: Catalog,
): readonly Table[] {
  return Object.keys(requires.plugins ?? {})
    .toSorted()
    .flatMap((plugin) => {
      const schema = schemaOf(plugin)
      return (catalog[schema] ?? [])
        .filter(({ name }) => published.get(plugin)?.includes(name))
        .map(({ name, columns }) => ({
          name: `${schema}.${name}`,
          columns: columns.map((column) => ({ ...column, isGenerated: false })),
        }))
    })
}

function settingType(setting: SettingDeclaration): string {
  const choices = choicesOf(setting)
  const value = choices
    ? union(choices.map(literal))
    : setting.type === 'integer'
      ? 'number'
      : setting.type
  const isAlwaysSet = setting.default !== undefined || setting.required === true
  return isAlwaysSet ? value : `${value} | undefined`
}

/** One member on one line where it fits, else a line for each of its own; as the formatter would. */
function laidOut(key: string, type: string, depth: number): string {
  const indent = '  '.repeat(depth)
  const line = `${indent}${key}: ${type}`
  if (line.length <= longestLine || !type.startsWith('{ ')) return `${line}\n`
  const inner = fieldsOf(type).map(([name, each]) => laidOut(name, each, depth + 1))
  return `${indent}${key}: {\n${inner.join('')}${indent}}\n`
}

/** Splits `{ a: string; b: { c: number } }` at its own semicolons. */
function fieldsOf(type: string): readonly (readonly [string, string])[] {
  const fields: string[] = []
  let depth = 0
  let quote = false
  let start = 2
  for (let at = 2; at < type.length - 2; at++) {
    const letter = type[at]
    if (letter === "'" && type[at - 1] !== '\\') quote = !quote
    if (quote) continue
    if (letter === '{' || letter === '<' || letter === '(') depth++
    if (letter === '}' || letter === '>' || letter === ')') depth--
    if (letter === ';' && depth === 0) {
      fields.push(type.slice(start, at).trim())
      start = at + 1
    }
  }
  fields.push(type.slice(start, -2).trim())
  return fields.map((field) => {
    const at = field.startsWith("'") ? field.indexOf("'", 1) + 1 : field.indexOf(':')
    const colon = field.indexOf(':', at)
    return [field.slice(0, colon), field.slice(colon + 2)] as const
  })
}

/** Whether a plugin has code that binds: else it needs no `plugin.gen.ts`. */
export const hasServerCode = ({ contributes }: Manifest): boolean =>
  contributes['api.routes'] !== undefined ||
  (contributes['worker.jobs'] ?? []).length > 0 ||
  (contributes['worker.events'] ?? []).length > 0 ||
  (contributes['payment.methods'] ?? []).length > 0 ||
  (contributes['rates.providers'] ?? []).length > 0 ||
  (contributes.commands ?? []).length > 0 ||
  (contributes['api.hooks'] ?? []).length > 0 ||
  (contributes['notify.channels'] ?? []).length > 0

/** What these plugins tell each other. */
export const othersOf = (manifests: readonly Manifest[]): Others => ({
  events: new Map(
    manifests.flatMap(({ name, emits }) =>
      Object.entries(emits ?? {}).map(([event, schema]) => [`${name}.${event}`, schema] as const),
    ),
  ),
  published: new Map(manifests.map(({ name, publishes }) => [name, publishes ?? []])),
})

/** Writes the types into the plugin's own folder where they differ; says whether it did. */
export function writePluginGen(release: Release, text: string): boolean {
  const file = join(release.folder, 'plugin.gen.ts')
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false
  writeFileSync(file, text)
  return true
}

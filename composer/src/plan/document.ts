import type { Problem } from '@bitcartcc/sdk/problem'
import type { Selection } from '../model/selection.ts'
import { forcesNothing } from './service-problems.ts'
import type { PluginService } from './services.ts'

type Table = Readonly<Record<string, unknown>>

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same data with all keys sorted, at every depth. */
export function sortedKeys(table: Table): Table {
  return Object.fromEntries(
    Object.entries(table)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, sortedValue(value)]),
  )
}
const sortedValue = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(sortedValue) : isTable(value) ? sortedKeys(value) : value

/** Puts the values under `force:` of the selection into the document; a path that is not there is a problem. */
export function applyForce(
  document: Table,
  { force, shownAs }: Selection,
): { readonly document: Table; readonly problems: readonly Problem[] } {
  let changed = document
  const problems: Problem[] = []
  for (const [path, { value, at }] of force) {
    const next = put(changed, path.split('.'), value)
    if (next) changed = next
    else
      problems.push(
        forcesNothing(path, [`${shownAs}:${at.line}`, `${path}: ${JSON.stringify(value)}`]),
      )
  }
  return { document: changed, problems }
}

function put(
  table: Table,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): Table | undefined {
  if (!Object.hasOwn(table, key)) return undefined
  if (rest.length === 0) return { ...table, [key]: value }
  const inner = table[key]
  const next = isTable(inner) ? put(inner, rest, value) : undefined
  return next && { ...table, [key]: next }
}

const isBelow = (path: string, top: string) => path === top || path.startsWith(`${top}.`)

/** Where each leaf of the document comes from: a line of a fragment, a line of the selection, or compose itself. */
export function originsOf(
  document: Table,
  services: readonly PluginService[],
  { force, shownAs }: Selection,
): Readonly<Record<string, string>> {
  const byName = new Map(services.map((each) => [each.name, each]))
  const originOf = (path: readonly string[]): string => {
    const forced = [...force].find(([each]) => isBelow(path.join('.'), each))
    if (forced) return `${shownAs}:${forced[1].at.line} force`
    const service = path[0] === 'services' ? byName.get(path[1] ?? '') : undefined
    if (!service) return 'compose'
    const [, , key = '', ...rest] = path
    const asWritten =
      key === 'deploy'
        ? service.own.values['deploy']
          ? ['mem_limit']
          : undefined
        : key in service.own.values || ['ports', 'volumes', 'depends_on'].includes(key)
          ? [key, ...rest]
          : undefined
    if (!asWritten) return 'compose'
    const isOurs =
      key === 'environment' &&
      !Object.hasOwn(service.own.values['environment'] ?? {}, rest[0] ?? '')
    return isOurs
      ? 'compose'
      : service.own
          .fact(...asWritten)
          .slice(0, 2)
          .join(' ')
  }
  const leaves: [string, string][] = []
  const walk = (value: unknown, path: readonly string[]) => {
    if (isTable(value) && Object.keys(value).length > 0)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
    else leaves.push([path.join('.'), originOf(path)])
  }
  walk(document, [])
  return Object.fromEntries(leaves.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

import type { Fact } from '@bitcartcc/sdk/problem'
import type { Origin } from '../model/origin.ts'

/** Plain data of which each leaf knows where it comes from. An empty mapping or list is a leaf. */
export type Sourced = Leaf | Table | List
export interface Leaf {
  readonly kind: 'leaf'
  readonly value: unknown
  readonly origin: Origin
}
export interface Table {
  readonly kind: 'table'
  readonly entries: ReadonlyMap<string, Sourced>
}
export interface List {
  readonly kind: 'list'
  readonly items: readonly Sourced[]
}
export type ValuePath = readonly (string | number)[]

type Plain = Readonly<Record<string, unknown>>
export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Gives each leaf of plain data its origin. */
export function sourced(
  value: unknown,
  originOf: (path: ValuePath) => Origin,
  path: ValuePath = [],
): Sourced {
  if (Array.isArray(value) && value.length > 0)
    return { kind: 'list', items: value.map((each, at) => sourced(each, originOf, [...path, at])) }
  if (isPlain(value)) {
    const entries = new Map<string, Sourced>()
    for (const key of Object.keys(value))
      entries.set(key, sourced(value[key], originOf, [...path, key]))
    if (entries.size > 0) return { kind: 'table', entries }
  }
  return { kind: 'leaf', value, origin: originOf(path) }
}

/** The same for data that is a mapping, also where nothing is in it. */
export const sourcedTable = (value: Plain, originOf: (path: ValuePath) => Origin): Table =>
  tableOf(Object.entries(value).map(([key, inner]) => [key, sourced(inner, originOf, [key])]))

export const tableOf = (entries: Iterable<readonly [string, Sourced]>): Table => ({
  kind: 'table',
  entries: new Map(entries),
})

/** One over the other: mappings key by key, anything else as a whole; what it replaced is told. */
export function over(base: Sourced, top: Sourced): Sourced {
  if (base.kind === 'table' && top.kind === 'table') return tableOver(base, top)
  if (base.kind === 'leaf' && top.kind === 'leaf' && base.value !== top.value)
    return { ...top, origin: { ...top.origin, from: [...(top.origin.from ?? []), base.origin] } }
  return top
}

export function tableOver(base: Table, top: Table): Table {
  const entries = new Map(base.entries)
  for (const [key, value] of top.entries) {
    const below = entries.get(key)
    entries.set(key, below ? over(below, value) : value)
  }
  return { kind: 'table', entries }
}

/** The data without its origins; keys sorted at every depth. */
export function plainOf(node: Sourced): unknown {
  if (node.kind === 'leaf') return node.value
  if (node.kind === 'list') return node.items.map(plainOf)
  return Object.fromEntries(sortedEntries(node).map(([key, inner]) => [key, plainOf(inner)]))
}

/** The origins without the data: `services.api.ports.0.target` → where it comes from; sorted. */
export function originsIn(root: Sourced): Readonly<Record<string, Origin>> {
  const found: [string, Origin][] = []
  const walk = (node: Sourced, path: string): void => {
    const inside = path === '' ? '' : `${path}.`
    if (node.kind === 'leaf') found.push([path, node.origin])
    else if (node.kind === 'list') node.items.forEach((each, at) => walk(each, `${inside}${at}`))
    else for (const [key, inner] of node.entries) walk(inner, inside + key)
  }
  walk(root, '')
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const sortedEntries = ({ entries }: Table) => [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1))

/** A row of a problem as an origin: owner and place. */
export const originAt = ([by = '', at = '']: Fact, as?: string): Origin => ({
  by,
  at,
  ...(as === undefined ? {} : { as }),
})

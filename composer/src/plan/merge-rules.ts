import type { OpenRule } from '@bitcartcc/sdk/manifest'
import type { Origin } from '../model/origin.ts'
import { plainOf, type Leaf, type Sourced } from './sourced.ts'

/** Two values at one path that have no common one; the path is below the service. */
export interface Clash {
  readonly path: string
  readonly sides: readonly [
    Origin & { readonly value: unknown },
    Origin & { readonly value: unknown },
  ]
}
export type Merged = { readonly node: Sourced } | { readonly clash: Clash }

/** Of what a service waits for, to have ended or to be healthy is more than to have started. */
const startedOnly = 'service_started'

/** Makes one value of two that are not both mappings, by the rule of their path; or says how they clash. */
export function merge(rule: OpenRule, base: Sourced, top: Sourced, path: string): Merged {
  if (isEmpty(base)) return { node: top }
  if (isEmpty(top)) return { node: base }
  if (rule === 'union' && base.kind === 'list' && top.kind === 'list')
    return union(base.items, top.items, path)
  if (textOf(base) === textOf(top)) return { node: base }
  if (base.kind !== 'leaf' || top.kind !== 'leaf') return clash(path, base, top)
  if (rule === 'join' || rule === 'join-lines')
    return { node: joined(base, top, rule === 'join' ? ',' : '\n') }
  if (/^depends_on\..+\.condition$/.test(path)) return strongest(base, top, path)
  if (rule === 'max' || rule === 'min') {
    const [one, other] = [amountOf(base.value), amountOf(top.value)]
    if (one === undefined || other === undefined) return clash(path, base, top)
    const [won, lost] = (rule === 'max' ? other > one : other < one) ? [top, base] : [base, top]
    return { node: { ...won, origin: { ...won.origin, as: rule, from: [lost.origin] } } }
  }
  return clash(path, base, top)
}

function strongest(base: Leaf, top: Leaf, path: string): Merged {
  if (base.value !== startedOnly && top.value !== startedOnly) return clash(path, base, top)
  const [won, lost] = base.value === startedOnly ? [top, base] : [base, top]
  return { node: { ...won, origin: { ...won.origin, as: 'strongest', from: [lost.origin] } } }
}

/** Entries that are equal are one; two that are mounted at one place, or are otherwise one thing, must be equal. */
function union(base: readonly Sourced[], top: readonly Sourced[], path: string): Merged {
  const byName = new Map(base.map((each) => [nameOf(each), each]))
  for (const each of top) {
    const known = byName.get(nameOf(each))
    if (known && textOf(known) !== textOf(each)) return clash(path, known, each)
    if (!known) byName.set(nameOf(each), each)
  }
  const items = [...byName.values()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  return { node: { kind: 'list', items } }
}

function nameOf(node: Sourced): string {
  const before = names.get(node)
  if (before !== undefined) return before
  const target = node.kind === 'table' ? node.entries.get('target') : node
  const name = target?.kind === 'leaf' ? JSON.stringify(target.value) : textOf(target ?? node)
  names.set(node, name)
  return name
}
/** A list that many plugins add to is merged once for each of them. */
const names = new WeakMap<Sourced, string>()

/** Each part once, in the order of who says it: the owner, then plugins by name. */
function joined(base: Leaf, top: Leaf, between: string): Leaf {
  const parts = [base, top].flatMap(({ value }) => String(value).split(between))
  const before = base.origin.as === 'join' ? (base.origin.from ?? []) : [base.origin]
  return {
    kind: 'leaf',
    value: [...new Set(parts)].join(between),
    origin: { ...base.origin, as: 'join', from: [...before, top.origin] },
  }
}

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/** `128m`, `0.5`: sizes in bytes, and plain numbers. */
function amountOf(value: unknown): number | undefined {
  const [, number = '', unit = ''] =
    /^(\d+(?:\.\d+)?)\s*([bkmg]?)b?$/i.exec(String(value).trim()) ?? []
  return number === '' ? undefined : Number(number) * (units[unit.toLowerCase()] ?? 1)
}

const isEmpty = (node: Sourced) =>
  node.kind === 'leaf' &&
  typeof node.value === 'object' &&
  node.value !== null &&
  Object.keys(node.value).length === 0

const textOf = (node: Sourced) => JSON.stringify(plainOf(node))

const clash = (path: string, base: Sourced, top: Sourced): Merged => ({
  clash: { path, sides: [sideOf(base), sideOf(top)] },
})

function sideOf(node: Sourced): Clash['sides'][0] {
  let first: Sourced = node
  while (first.kind !== 'leaf') {
    const next: Sourced | undefined =
      first.kind === 'list' ? first.items[0] : first.entries.values().next().value
    if (!next) throw new Error('a mapping or list without entries is a leaf')
    first = next
  }
  return { ...first.origin, value: plainOf(node) }
}

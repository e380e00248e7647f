import type { Problem } from '@bitcartcc/sdk/problem'
import type { Selection } from '../model/selection.ts'
import { forcesNothing } from './service-problems.ts'
import { over, sourced, tableOf, type Sourced } from './sourced.ts'

/** Puts the values under `force:` of the selection into the document; a path that is not there is a problem. */
export function applyForce(
  document: Sourced,
  { force, shownAs }: Selection,
): { readonly document: Sourced; readonly problems: readonly Problem[] } {
  let changed = document
  const problems: Problem[] = []
  for (const [path, { value, at }] of force) {
    const forced = sourced(value, () => ({ by: 'selection', as: `force.${path}` }))
    const next = put(changed, path, forced)
    if (next) changed = next
    else
      problems.push(
        forcesNothing(path, [`${shownAs}:${at.line}`, `${path}: ${JSON.stringify(value)}`]),
      )
  }
  return { document: changed, problems }
}

/** Whether the selection itself says what stands at a path: then there is a winner. */
export const isForced = (path: string, { force }: Selection): boolean =>
  [...force.keys()].some((each) => path === each || path.startsWith(`${each}.`))

/** Puts a value where a dotted path leads; a key may have dots in itself. Undefined where there is no such path. */
function put(node: Sourced, path: string, value: Sourced): Sourced | undefined {
  if (path === '') return node.kind === 'leaf' ? over(node, value) : value
  if (node.kind === 'leaf') return undefined
  const keys =
    node.kind === 'table' ? [...node.entries.keys()] : node.items.map((_, at) => String(at))
  for (const key of keys) {
    if (path !== key && !path.startsWith(`${key}.`)) continue
    const inner = node.kind === 'table' ? node.entries.get(key) : node.items[Number(key)]
    const next = inner && put(inner, path.slice(key.length + 1), value)
    if (!next) continue
    return node.kind === 'table'
      ? tableOf([...node.entries, [key, next]])
      : { kind: 'list', items: node.items.map((each) => (each === inner ? next : each)) }
  }
  return undefined
}

import { readFileSync } from 'node:fs'

/** A route of a plugin as its source names it. */
export interface RouteKey {
  /** `GET /products/:id` */
  readonly key: string
  readonly line: number
}

/** Reads the keys of `export default routes({ 'GET /…': … })` from the source, or of the constant that it exports, without running it; what cannot be parsed is told by `check`. */
export async function routeKeys(file: string): Promise<readonly RouteKey[]> {
  // Its parser alone: a twentieth of what the compiler takes to load.
  const { parseAst } = await import('rolldown/parseAst')
  const text = readFileSync(file, 'utf8')
  let body: unknown
  try {
    body = parseAst(text, { lang: 'ts' }).body
  } catch {
    return []
  }
  return keysIn(defaultOf(nodes(body)))
    .map(({ key, start }) => ({ key, line: text.slice(0, start).split('\n').length }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

type Node = Readonly<Record<string, unknown>>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null
const nodes = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []

/** What a module gives as its default: the expression itself, or the constant that it names. */
function defaultOf(body: readonly Node[]): unknown {
  const plain = body.find(({ type }) => type === 'ExportDefaultDeclaration')?.['declaration']
  const listed = body
    .flatMap((each) => nodes(each['specifiers']))
    .find(({ exported }) => nameOf(exported) === 'default')?.['local']
  const given = plain ?? listed
  if (nodes(given)[0]?.['type'] !== 'Identifier') return given
  return body
    .flatMap((each) => nodes(each['declarations']))
    .find(({ id }) => nameOf(id) === nameOf(given))?.['init']
}

const nameOf = (node: unknown): unknown => nodes(node)[0]?.['name']

/** Keys of the first object literal on each way down. */
function keysIn(value: unknown): readonly { readonly key: string; readonly start: number }[] {
  return nodes(value).flatMap((node) => {
    if (node['type'] !== 'ObjectExpression')
      return Object.values(node).flatMap((inner) => (isNode(inner) ? keysIn(inner) : []))
    return nodes(node['properties']).flatMap(({ key }) => {
      const [literal] = nodes(key)
      const text = literal?.['value']
      return typeof text === 'string' && /^(GET|POST|PUT|PATCH|DELETE) \//.test(text)
        ? [{ key: text, start: Number(literal?.['start']) }]
        : []
    })
  })
}

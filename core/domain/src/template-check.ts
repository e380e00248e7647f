import Handlebars from 'handlebars'

/** What a template cannot say: where, from 1, and why, as the rest of a sentence about the line. */
export interface TemplateFault {
  readonly line: number
  readonly says: string
}

/** As much of JSON Schema as variables are declared with. */
interface Shape {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly title?: string
}
const blocks = ['if', 'unless', 'each']
const counters = ['index', 'first', 'last']

/**
 * Everything that is wrong with the text of a template, by line; empty where it can be used.
 *
 * A template shows variables its schema declares, `{{title}}`, and takes `{{#if}}`, `{{#unless}}` and `{{#each}}` of them. Where
 * the schema names no properties, every name is taken.
 */
export function templateFaults(text: string, variables: object): readonly TemplateFault[] {
  let program: hbs.AST.Program
  try {
    program = Handlebars.parse(text)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    const line = Number(/on line (\d+)/.exec(words)?.[1] ?? / - (\d+):\d+$/.exec(words)?.[1] ?? 1)
    return [{ line, says: 'has braces or blocks that do not fit together' }]
  }
  const faults: TemplateFault[] = []
  lookThrough(program, [variables], (node, says) =>
    faults.push({ line: node.loc.start.line, says }),
  )
  return faults
}

type Tell = (node: hbs.AST.Node, says: string) => void

function lookThrough(program: hbs.AST.Program, scopes: readonly Shape[], tell: Tell): void {
  for (const node of program.body) {
    if (node.type === 'MustacheStatement')
      shownValue(node as hbs.AST.MustacheStatement, scopes, tell)
    else if (node.type === 'BlockStatement') block(node as hbs.AST.BlockStatement, scopes, tell)
    else if (node.type !== 'ContentStatement' && node.type !== 'CommentStatement')
      tell(node, 'takes in another template, which is not possible here')
  }
}

function shownValue(
  { path, params, hash }: hbs.AST.MustacheStatement,
  scopes: readonly Shape[],
  tell: Tell,
): void {
  if (path.type !== 'PathExpression') return
  const { original } = path as hbs.AST.PathExpression // by its type
  if (params.length > 0 || hash)
    return tell(
      path,
      `calls ${original}: there are no helpers but ${blocks.map((each) => `#${each}`).join(', ')}`,
    )
  const shape = found(path as hbs.AST.PathExpression, scopes, tell) // by its type
  if (shape?.type === 'array')
    tell(path, `shows ${original}, which is a list: write {{#each ${original}}}`)
  if (shape?.type === 'object') tell(path, `shows ${original}, which has parts: ${namesIn(shape)}`)
}

function block(node: hbs.AST.BlockStatement, scopes: readonly Shape[], tell: Tell): void {
  const { original } = node.path
  const [of, more] = node.params
  if (!blocks.includes(original))
    return tell(
      node,
      `has {{#${original}}}: there are no blocks but ${blocks.map((each) => `#${each}`).join(', ')}`,
    )
  if (of?.type !== 'PathExpression' || more || node.hash || node.program.blockParams)
    return tell(node, `must name one variable after #${original}`)
  const shape = found(of as hbs.AST.PathExpression, scopes, tell) // by its type
  if (original === 'each' && shape?.type !== undefined && shape.type !== 'array')
    tell(node, `goes through ${(of as hbs.AST.PathExpression).original}, which is no list`) // by its type
  lookThrough(node.program, original === 'each' ? [...scopes, shape?.items ?? {}] : scopes, tell)
  if (node.inverse) lookThrough(node.inverse, scopes, tell)
}

/** The schema of what a path names; undefined where that is open, or was told of. */
function found(
  node: hbs.AST.PathExpression,
  scopes: readonly Shape[],
  tell: Tell,
): Shape | undefined {
  const { data, depth, original, parts } = node
  if (data) {
    if (scopes.length < 2 || !counters.includes(parts.join('.')))
      tell(node, `has no variable ${original}`)
    return undefined
  }
  let shape = scopes[scopes.length - 1 - depth]
  if (!shape) {
    tell(node, `has no variable ${original}: it goes further up than there is`)
    return undefined
  }
  for (const part of parts) {
    if (shape.properties === undefined && shape.type !== 'array' && !isScalar(shape))
      return undefined
    const next: Shape | undefined =
      shape.properties && Object.hasOwn(shape.properties, part)
        ? shape.properties[part]
        : shape.type === 'array' && part === 'length'
          ? { type: 'integer' }
          : undefined
    if (!next) {
      const names = namesIn(scopes[scopes.length - 1 - depth] ?? {})
      tell(node, `has no variable ${original}${names ? `. There are: ${names}` : ''}`)
      return undefined
    }
    shape = next
  }
  return shape
}

const isScalar = ({ type }: Shape) =>
  ['string', 'integer', 'number', 'boolean'].includes(String(type))
const namesIn = ({ properties = {} }: Shape) => Object.keys(properties).join(', ')

/**
 * Variables to try a template with, made of its schema: examples, defaults, else what the type suggests.
 *
 * A list has two; where an example of a second is given, the second is another.
 */
export function sampleOf(schema: object, name = '', at = 0): unknown {
  const { type, properties, items, examples, default: given, title }: Shape = schema
  const example = examples?.[at] ?? examples?.[0]
  if (example !== undefined) return example
  if (given !== undefined) return given
  if (properties)
    return Object.fromEntries(
      Object.entries(properties).map(([key, each]) => [key, sampleOf(each, key, at)]),
    )
  if (type === 'array') return items ? [sampleOf(items, name, 0), sampleOf(items, name, 1)] : []
  if (type === 'integer' || type === 'number') return 1
  if (type === 'boolean') return true
  return type === 'object' ? {} : (title ?? name)
}

/** What a template may show, in the order declared: `items[].name` for what each of a list has. */
export function variablesIn(schema: object, before = ''): readonly string[] {
  const { properties = {} }: Shape = schema
  return Object.entries(properties).flatMap(([name, each]) =>
    each.type === 'array' && each.items?.properties
      ? variablesIn(each.items, `${before}${name}[].`)
      : each.properties
        ? variablesIn(each, `${before}${name}.`)
        : [`${before}${name}`],
  )
}

import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Place } from '../model/place.ts'

export type Path = readonly (string | number)[]

/** A YAML file as plain data that still knows where each value stands. */
export interface YamlFile {
  readonly shownAs: string
  readonly value: unknown
  /** Place of the key or item at a path; of the nearest parent that exists. */
  readonly at: (...path: Path) => Place
  /** The text of the line where that is. */
  readonly lineAt: (...path: Path) => string
  /** The text of the line of a place that `at` gave. */
  readonly lineOf: (place: Place) => string
  /** As it was written, with what plain data does not show: anchors, aliases, tags. Null where nothing stands. */
  readonly root: Node | null
  readonly placeOf: (node: Node) => Place
}

/** Reads one YAML document; gives the problems instead where it does not parse. */
export function readYaml(
  text: string,
  shownAs: string,
  code: Problem['code'],
): YamlFile | readonly Problem[] {
  const { doc, counter, lines } = parsedOnce(text)
  const place = (offset: number): Place => {
    const { line, col } = counter.linePos(offset)
    return { file: shownAs, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const notYaml = (says: string, { line }: Place): Problem => ({
    code,
    says: `${shownAs} cannot be read as YAML.`,
    because: [`${says.replace(/\.?$/, '')}.`],
    facts: [[`${shownAs}:${line}`, lines[line - 1]?.trim() || '(an empty line)']],
    fix: [`Mend line ${line} of ${shownAs}.`],
  })
  const wrong = [...doc.errors, ...doc.warnings]
  if (wrong.length > 0)
    return wrong.map((each) =>
      notYaml(reasonOf(each.message), place(Math.min(each.pos[0], text.trimEnd().length))),
    )
  let value: unknown
  try {
    value = doc.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return [notYaml(error instanceof Error ? error.message : String(error), place(aliasIn(doc)))]
  }
  const at = (...path: Path) => place(offsetOf(doc.contents, path))
  const lineOf = ({ line }: Place) => cut(lines[line - 1]?.trim() ?? '')
  return {
    shownAs,
    value: value ?? {},
    at,
    lineAt: (...path) => lineOf(at(...path)),
    lineOf,
    root: doc.contents,
    placeOf: (node) => place(node.range?.[0] ?? 0),
  }
}

interface Parsed {
  readonly doc: Document.Parsed
  readonly counter: LineCounter
  readonly lines: readonly string[]
}

/** A fragment is read where it is locked and again where it is merged; parsing it takes longer than all that is done with it. */
function parsedOnce(text: string): Parsed {
  const found = known.get(text)
  if (found) return found
  if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '')
  const made = parsed(text)
  known.set(text, made)
  return made
}
const known = new Map<string, Parsed>()
const mostKnown = 500

function parsed(text: string): Parsed {
  const counter = new LineCounter()
  const doc = withoutEnvironment(() =>
    parseDocument(text, {
      lineCounter: counter,
      uniqueKeys: true,
      stringKeys: true,
      prettyErrors: false,
      // At `silent` a second document is dropped without a word.
      logLevel: 'error',
    }),
  )
  return { doc, counter, lines: text.split('\n') }
}

/** Where the alias is that names no anchor; else the first one: there are too many. */
function aliasIn(doc: Document): number {
  const found: { readonly offset: number; readonly isKnown: boolean }[] = []
  visit(doc, {
    Alias: (_, node) =>
      void found.push({ offset: node.range?.[0] ?? 0, isKnown: node.resolve(doc) !== undefined }),
  })
  return (found.find(({ isKnown }) => !isKnown) ?? found[0])?.offset ?? 0
}

function reasonOf(message: string): string {
  // The parser calls itself for each level, and gives up where the stack ends.
  if (message.includes('call stack')) return 'It is nested too deep'
  return message.includes('multiple documents')
    ? 'Another document begins here: a file of compose holds one'
    : message
}

/** The line that a place in a flow mapping over several lines stands on, as one would quote it. */
const cut = (line: string) =>
  line
    .replace(/^- /, '')
    .replace(/\s+#.*$/, '')
    .replace(/,$/, '')

/** Where the key or item at a path begins; keys are texts, and none stands twice in a mapping. */
function offsetOf(root: Node | null, path: Path): number {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = pairAt(node, String(key))
      if (!pair) break
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined // sequences hold nodes
      if (!item) break
      offset = item.range?.[0] ?? offset
      node = item
    } else break
  }
  return offset
}

function pairAt({ items }: YAMLMap, key: string): Pair | undefined {
  for (const pair of items) if (isScalar(pair.key) && pair.key.value === key) return pair
  return undefined
}

/** The parser asks the environment at each token whether to log it, and that asks the system: a quarter of its time. */
function withoutEnvironment<T>(run: () => T): T {
  const { env } = process
  process.env = {}
  try {
    return run()
  } finally {
    process.env = env
  }
}

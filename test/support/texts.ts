import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { parse as parseVue, type SFCTemplateBlock } from 'vue/compiler-sfc'
import { root } from './compose.ts'

/** An English text as a page says it. */
export interface Said {
  readonly english: string
  readonly isPlural: boolean
  readonly where: string
}
export interface TextsOfFile {
  readonly said: readonly Said[]
  /** Texts that no `t` and no `english` stands around. */
  readonly bare: readonly string[]
}
type Node = NonNullable<SFCTemplateBlock['ast']>['children'][number]

/** Attributes that are read by people; in others a text is taken for one by its looks. */
const read = new Set(
  'title label placeholder aria-label alt text hint description note message prompt status'.split(
    ' ',
  ),
)
/** Attributes that only programs read. */
const unread = new Set(
  'class name icon tone type to id for href src rel include autocomplete inputmode role d viewBox preserveAspectRatio'.split(
    ' ',
  ),
)
const hasLetters = (text: string) => /\p{Ll}{2}/u.test(text) && text.trim() !== 'BitcartCC'

/** Looks like words for people: begins as a sentence does, or has spaces between words. */
export const isProse = (text: string): boolean =>
  (/^[A-Z][a-z]+([ .,'’:…!?-]|$)/.test(text) && !keys.test(text)) ||
  /^\d+ [a-z]{2,}/.test(text) ||
  (/[a-z]{2,} [a-z]{2,}/.test(text) && !/[{}/<>=;:]|--/.test(text))
const keys = /^(Escape|Enter|Tab|Arrow(Up|Down|Left|Right)|Home|End|Backspace|Delete|Space)$/

/** Every text of a component or a module, from the root of the house. */
export function textsOf(file: string): TextsOfFile {
  const text = readFileSync(join(root, file), 'utf8')
  const said: Said[] = []
  const bare: string[] = []
  const found = { said, bare, file }
  if (!file.endsWith('.vue')) {
    lookAtCode(text, 1, found)
    return found
  }
  const { descriptor } = parseVue(text, { sourceMap: false })
  for (const script of [descriptor.script, descriptor.scriptSetup])
    if (script) lookAtCode(script.content, script.loc.start.line, found)
  for (const child of descriptor.template?.ast?.children ?? []) lookAtNode(child, found)
  return found
}

interface Found {
  readonly said: Said[]
  readonly bare: string[]
  readonly file: string
}

/** Numbers are those of Vue's own tree: 1 an element, 2 a text, 5 an interpolation, 6 an attribute, 7 a directive. */
function lookAtNode(node: Node, found: Found): void {
  const where = `${found.file}:${node.loc.start.line}`
  if (node.type === 2 && hasLetters(node.content))
    found.bare.push(`${where} ${node.content.trim()}`)
  if (node.type === 5) lookAtCode(`(${node.content.loc.source})`, node.loc.start.line, found)
  if (node.type !== 1) return
  for (const prop of node.props) {
    if (prop.type === 6) {
      const { name, value } = prop
      const isRead = read.has(name) ? hasLetters : isProse
      if (value && !unread.has(name) && !/[@/]/.test(value.content) && isRead(value.content))
        found.bare.push(`${where} ${name}="${value.content}"`)
    } else if (prop.exp && prop.name !== 'for' && prop.name !== 'slot') {
      const { source, start } = prop.exp.loc
      lookAtCode(prop.name === 'on' ? source : `(${source})`, start.line, found)
    }
  }
  // What a program reads is the same in every language.
  const shown = node.tag === 'code' ? node.children.filter(({ type }) => type !== 2) : node.children
  for (const child of shown) lookAtNode(child, found)
}

/** Whose first argument is a text: `t` and `english`. */
const isSaying = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) &&
  /^(t|english)$|^useTexts\(.*\)$/.test(node.expression.getText()) &&
  node.arguments.length > 0

function lookAtCode(code: string, firstLine: number, found: Found): void {
  const source = ts.createSourceFile('page.ts', code, ts.ScriptTarget.Latest, true)
  const whereOf = (node: ts.Node) =>
    `${found.file}:${firstLine + source.getLineAndCharacterOfPosition(node.getStart()).line}`
  const say = (node: ts.Expression): void => {
    if (ts.isStringLiteralLike(node))
      found.said.push({ english: node.text, isPlural: false, where: whereOf(node) })
    else if (ts.isConditionalExpression(node)) {
      look(node.condition)
      say(node.whenTrue)
      say(node.whenFalse)
    } else if (ts.isObjectLiteralExpression(node)) {
      const other = propertyOf(node, 'other')
      if (other !== undefined)
        found.said.push({ english: other, isPlural: true, where: whereOf(node) })
    } else look(node)
  }
  const look = (node: ts.Node): void => {
    if (isSaying(node)) {
      const [text, ...given] = node.arguments
      if (text) say(text)
      given.forEach(look)
      return
    }
    if (isForPrograms(node)) return
    if (ts.isStringLiteralLike(node) && isProse(node.text) && !isNameOrCompared(node))
      found.bare.push(`${whereOf(node)} ${node.text}`)
    if (ts.isTemplateExpression(node)) {
      const words = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]
      if (words.some((each) => /^[A-Z][a-z]+[ :]|[a-z]{2,} [a-z]{2,}| [a-z]{2,}$/.test(each)))
        found.bare.push(`${whereOf(node)} ${node.getText()}`)
    }
    ts.forEachChild(node, look)
  }
  look(source)
}

const isForPrograms = (node: ts.Node) =>
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  (ts.isNewExpression(node) && node.expression.getText() === 'Error') ||
  (ts.isCallExpression(node) &&
    /^(defineOptions|Symbol|console\.\w+|.*querySelector(All)?)$/.test(
      node.expression.getText().replace(/<.*/s, ''),
    ))

function isNameOrCompared(node: ts.Node): boolean {
  const { parent } = node
  return (
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText()))
  )
}

function propertyOf(node: ts.ObjectLiteralExpression, name: string): string | undefined {
  for (const each of node.properties)
    if (
      ts.isPropertyAssignment(each) &&
      each.name.getText() === name &&
      ts.isStringLiteralLike(each.initializer)
    )
      return each.initializer.text
  return undefined
}

/** The titles, choices and descriptions that server code declares of what pages then show. */
export function declaredIn(file: string): readonly string[] {
  const found: string[] = []
  const code = readFileSync(join(root, file), 'utf8')
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true)
  const look = (node: ts.Node): void => {
    if (
      ts.isPropertyAssignment(node) &&
      /^(title|description)$/.test(node.name.getText()) &&
      ts.isStringLiteralLike(node.initializer)
    )
      found.push(node.initializer.text)
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'enum' &&
      ts.isObjectLiteralExpression(node.initializer)
    )
      for (const each of node.initializer.properties)
        if (ts.isPropertyAssignment(each) && ts.isStringLiteralLike(each.initializer))
          found.push(each.initializer.text)
    ts.forEachChild(node, look)
  }
  look(source)
  return found
}

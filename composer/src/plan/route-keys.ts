import { readFileSync } from 'node:fs'
import type { Node } from 'typescript'

/** A route of a plugin as its source names it. */
export interface RouteKey {
  /** `GET /products/:id` */
  readonly key: string
  readonly line: number
}

/** Reads the keys of `export default routes({ 'GET /…': … })` from the source, without running it. */
export async function routeKeys(file: string): Promise<readonly RouteKey[]> {
  const {
    createSourceFile,
    forEachChild,
    isExportAssignment,
    isObjectLiteralExpression,
    isPropertyAssignment,
    isStringLiteralLike,
    ScriptTarget,
  } = (await import('typescript')).default
  const source = createSourceFile(file, readFileSync(file, 'utf8'), ScriptTarget.Latest, false)
  const keys: RouteKey[] = []
  const visit = (node: Node): void => {
    if (isObjectLiteralExpression(node)) {
      for (const property of node.properties) {
        if (!isPropertyAssignment(property) || !isStringLiteralLike(property.name)) continue
        const { text } = property.name
        if (!/^(GET|POST|PUT|PATCH|DELETE) \//.test(text)) continue
        keys.push({
          key: text,
          line: source.getLineAndCharacterOfPosition(property.name.getStart(source)).line + 1,
        })
      }
      return
    }
    forEachChild(node, visit)
  }
  for (const statement of source.statements)
    if (isExportAssignment(statement)) visit(statement.expression)
  return keys.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

import type { Problem } from '@bitcartcc/sdk/problem'
import type { SampleRows } from '../model/plan.ts'
import { lint, walk, words, type Reachable } from './sql-lint.ts'
import { notSql, sampleStatement, type SqlPlace } from './sql-problems.ts'
import { statementsOf, type Statement } from './statements.ts'

/** Whose rows they are. */
export interface Sampled {
  readonly plugin: string
  readonly schema: string
  /** `ratings 1.0.0` */
  readonly owner: string
  /** Undefined for core, whose SQL is our own. */
  readonly reachable: Reachable | undefined
}

/** Reads `sample.sql`: rows that the rehearsal of an upgrade finds in the tables, so data and nothing else. */
export async function sampleOf(
  { file, text }: { readonly file: string; readonly text: string },
  { plugin, schema, owner, reachable }: Sampled,
): Promise<{ readonly rows: SampleRows; readonly problems: readonly Problem[] }> {
  const lines = text.split('\n')
  const placeOf = (line: number): SqlPlace => ({
    owner,
    place: `${file}:${line}`,
    text: lines[line - 1]?.trim() || '(an empty line)',
  })
  const parsed = await statementsOf(text)
  if ('error' in parsed)
    return {
      rows: { plugin, schema, statements: [] },
      problems: [notSql(placeOf(parsed.line), parsed.error)],
    }
  const { statements } = parsed
  return {
    rows: { plugin, schema, statements: statements.map(({ sql, line }) => ({ sql, line })) },
    problems: statements.flatMap((statement) => {
      const at = placeOf(statement.line)
      const other = noData(statement)
      if (other !== undefined) return [sampleStatement(at, other)]
      return reachable ? lint(statement.tree, at, plugin, true, reachable) : []
    }),
  }
}

/** What a statement does beside putting rows in and changing them; also inside of it. */
function noData({ tree }: Statement): string | undefined {
  const [kind = ''] = Object.keys(tree)
  if (kind !== 'InsertStmt' && kind !== 'UpdateStmt') return words(kind)
  let found: string | undefined
  walk(tree, [], (_node, key) => {
    if (key === 'DeleteStmt' || key === 'MergeStmt' || key === 'intoClause')
      found ??= key === 'intoClause' ? 'SELECT INTO' : words(key)
  })
  return found
}

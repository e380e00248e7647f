import { loadModule, parseSync } from 'libpg-query'

/** One statement of an SQL file and its parse tree. */
export interface Statement {
  readonly sql: string
  /** From 1. */
  readonly line: number
  readonly tree: Readonly<Record<string, unknown>>
}

/** Splits an SQL file with PostgreSQL's own parser; or says what it does not read, and where. */
export async function statementsOf(
  text: string,
): Promise<
  { readonly statements: readonly Statement[] } | { readonly error: string; readonly line: number }
> {
  if (text.includes('\0'))
    return {
      error: 'the file holds a NUL byte',
      line: text.slice(0, text.indexOf('\0')).split('\n').length,
    }
  if (text.trim() === '') return { statements: [] }
  await loadModule()
  // The parser counts in bytes.
  const bytes = Buffer.from(text)
  try {
    const { stmts = [] } = parseSync(text) as { stmts?: readonly ParsedStatement[] } // the shape the parser documents
    return {
      statements: stmts.map(({ stmt, stmt_location: start = 0, stmt_len: length }) => ({
        sql: bytes
          .subarray(start, length === undefined ? undefined : start + length)
          .toString('utf8')
          .trim(),
        line: lineAt(bytes.subarray(0, start + leading(bytes, start)).toString('utf8')),
        tree: stmt,
      })),
    }
  } catch (error) {
    const { sqlDetails } = error as { sqlDetails?: { message: string; cursorPosition: number } } // its own errors have it
    if (!sqlDetails) throw error
    return {
      error: sqlDetails.message,
      line: lineAt([...text].slice(0, sqlDetails.cursorPosition).join('')),
    }
  }
}

interface ParsedStatement {
  readonly stmt: Readonly<Record<string, unknown>>
  readonly stmt_location?: number
  readonly stmt_len?: number
}

const leading = (bytes: Buffer, start: number) =>
  bytes.subarray(start).toString('utf8').match(/^\s*/)?.[0].length ?? 0
const lineAt = (before: string) => before.split('\n').length

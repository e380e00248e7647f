export const header = '// Made by compose from selection.lock. Edits are lost at the next build.\n'

/** A module of the wiring before it is text: static imports, and one exported constant. */
export interface Module {
  readonly imports: readonly Import[]
  readonly name: string
  readonly type: string
  /** The expression the constant is. */
  readonly value: string
}
export interface Import {
  readonly moduleSpecifier: string
  readonly defaultImport?: string
  readonly namedImports?: string[]
  readonly isTypeOnly?: boolean
}

/** A value as source text: quotes and keys as a person writes them. */
export function literal(value: unknown, indent = '  '): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[${value.map((each) => literal(each, indent)).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined'
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  if (entries.length === 0) return '{}'
  const rows = entries.map(
    ([key, each]) =>
      `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key)}: ${literal(each, indent)}`,
  )
  const flat = `{ ${rows.join(', ')} }`
  return flat.length < 90 && !flat.includes('\n')
    ? flat
    : `{\n${rows.map((row) => `${indent}${row.replaceAll('\n', `\n${indent}`)},\n`).join('')}}`
}

/** A list as source text, an element a line. */
export const list = (rows: readonly string[]): string =>
  rows.length === 0
    ? '[]'
    : `[\n${rows.map((row) => `  ${row.replaceAll('\n', '\n  ')},\n`).join('')}]`

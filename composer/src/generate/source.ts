import {
  IndentationText,
  Project,
  QuoteKind,
  StructureKind,
  ts,
  VariableDeclarationKind,
  type ImportDeclarationStructure,
  type OptionalKind,
} from 'ts-morph'

export const header = '// Made by compose from selection.lock. Edits are lost at the next build.\n'

export interface Module {
  readonly imports: readonly OptionalKind<ImportDeclarationStructure>[]
  readonly name: string
  readonly type: string
  /** The expression the constant is. */
  readonly value: string
}

let project: Project | undefined

/** Writes one module with one exported constant, formatted; one structure a file, which is what keeps ts-morph quick. */
export function sourceOf({ imports, name, type, value }: Module): string {
  project ??= new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: {
      quoteKind: QuoteKind.Single,
      indentationText: IndentationText.TwoSpaces,
    },
  })
  const file = project.createSourceFile(
    'module.ts',
    {
      statements: [
        ...imports.map((each) => ({ kind: StructureKind.ImportDeclaration as const, ...each })),
        {
          kind: StructureKind.VariableStatement as const,
          isExported: true,
          declarationKind: VariableDeclarationKind.Const,
          declarations: [{ name, type, initializer: value }],
        },
      ],
    },
    { overwrite: true },
  )
  file.formatText({ indentSize: 2, semicolons: ts.SemicolonPreference.Remove })
  return header + file.getFullText()
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

import { walk } from './sql-lint.ts'
import type { Statement } from './statements.ts'
import type { Danger } from './danger-problems.ts'

type Tree = Readonly<Record<string, unknown>>

/** A statement that harms a shop that is in use, and why. */
export interface Found {
  readonly danger: Danger
  readonly statement: Statement
}

/** The tables, types and views that statements make. */
export function madeBy(statements: readonly Statement[]): ReadonlySet<string> {
  return new Set(
    statements.flatMap(({ tree }) => {
      const [kind, body] = nodeOf(tree)
      if (kind === 'CreateStmt') return [nameOf(body['relation'])]
      if (kind === 'CreateTableAsStmt') return [nameOf((body['into'] as Tree | undefined)?.['rel'])]
      if (kind === 'ViewStmt') return [nameOf(body['view'])]
      if (kind === 'CreateEnumStmt') return [lastName(body['typeName'])]
      return []
    }),
  )
}

/**
 * Finds the statements of one new file that lock a table for long, break code that still runs, or fail on rows that are
 * there. `made` is what came with the same update: nobody uses it yet. Named after the rules of squawk.
 */
export function dangersIn(
  statements: readonly Statement[],
  made: ReadonlySet<string>,
  { isContract }: { readonly isContract: boolean },
): readonly Found[] {
  const changesTables = statements.some(
    ({ tree: { AlterTableStmt } }) =>
      AlterTableStmt !== undefined && !made.has(nameOf((AlterTableStmt as Tree)['relation'])), // a node
  )
  return statements.flatMap((statement) => {
    const [kind, body] = nodeOf(statement.tree)
    const isMade = made.has(
      kind === 'RenameStmt' ||
        kind === 'AlterTableStmt' ||
        kind === 'IndexStmt' ||
        kind === 'UpdateStmt' ||
        kind === 'DeleteStmt'
        ? nameOf(body['relation'])
        : '',
    )
    const found = isMade ? [] : dangersOf(kind, body, made, changesTables)
    return [...found, ...always(kind, body, statement)]
      .filter((danger) => !(isContract && breaksOnly.has(danger)))
      .map((danger) => ({ danger, statement }))
  })
}

/** Right in a release whose code needs the old thing no longer, and that says so by `-- tag: contract`. */
const breaksOnly: ReadonlySet<Danger> = new Set([
  'plan/ban-drop-column',
  'plan/ban-drop-table',
  'plan/ban-drop-not-null',
  'plan/renaming-column',
  'plan/renaming-table',
  'plan/renaming-enum-value',
])

function dangersOf(
  kind: string,
  body: Tree,
  made: ReadonlySet<string>,
  changesTables: boolean,
): readonly Danger[] {
  switch (kind) {
    case 'AlterTableStmt':
      return listOf(body['cmds']).flatMap(
        ({ AlterTableCmd }) => (AlterTableCmd ? ofCommand(AlterTableCmd as Tree) : []), // a node
      )
    case 'IndexStmt':
      return body['concurrent'] === true ? [] : ['plan/require-concurrent-index-creation']
    case 'DropStmt':
      return ofDrop(body, made)
    case 'RenameStmt':
      return ofRename(body)
    case 'AlterEnumStmt':
      return body['oldVal'] === undefined || made.has(lastName(body['typeName']))
        ? []
        : ['plan/renaming-enum-value']
    case 'ReindexStmt':
      return listOf(body['params']).some(
        ({ DefElem }) => (DefElem as Tree | undefined)?.['defname'] === 'concurrently',
      )
        ? []
        : ['plan/require-concurrent-reindex']
    case 'UpdateStmt':
    case 'DeleteStmt':
      return changesTables ? ['plan/backfill-in-ddl-transaction'] : []
    default:
      return []
  }
}

function ofDrop(body: Tree, made: ReadonlySet<string>): readonly Danger[] {
  const type = body['removeType']
  if (type === 'OBJECT_INDEX')
    return body['concurrent'] === true ? [] : ['plan/require-concurrent-index-deletion']
  const isTable = type === 'OBJECT_TABLE' || type === 'OBJECT_VIEW' || type === 'OBJECT_MATVIEW'
  const others = listOf(body['objects']).filter(
    ({ List }) => !made.has(lastName((List as Tree | undefined)?.['items'])),
  )
  return isTable && others.length > 0 ? ['plan/ban-drop-table'] : []
}

function ofRename({ renameType }: Tree): readonly Danger[] {
  if (renameType === 'OBJECT_COLUMN') return ['plan/renaming-column']
  return renameType === 'OBJECT_TABLE' || renameType === 'OBJECT_VIEW'
    ? ['plan/renaming-table']
    : []
}

function ofCommand({ subtype, def }: Tree): readonly Danger[] {
  const [kind, body] = nodeOf((def ?? {}) as Tree) // a node, or nothing
  switch (subtype) {
    case 'AT_AddColumn':
      return ofColumn(body)
    case 'AT_DropColumn':
      return ['plan/ban-drop-column']
    case 'AT_DropNotNull':
      return ['plan/ban-drop-not-null']
    case 'AT_SetNotNull':
      return ['plan/adding-not-nullable-field']
    case 'AT_AlterColumnType':
      return ['plan/changing-column-type']
    case 'AT_AddConstraint':
      return kind === 'Constraint' ? ofConstraint(body) : []
    default:
      return []
  }
}

function ofConstraint(body: Tree): readonly Danger[] {
  const isLater = body['skip_validation'] === true || body['indexname'] !== undefined
  if (isLater) return []
  switch (body['contype']) {
    case 'CONSTR_FOREIGN':
      return ['plan/adding-foreign-key-constraint']
    case 'CONSTR_CHECK':
      return ['plan/constraint-missing-not-valid']
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      return ['plan/disallowed-unique-constraint']
    case 'CONSTR_EXCLUSION':
      return ['plan/adding-exclusion-constraint']
    default:
      return []
  }
}

const serials = new Set(['serial', 'bigserial', 'smallserial', 'serial2', 'serial4', 'serial8'])

function ofColumn(column: Tree): readonly Danger[] {
  const constraints = listOf(column['constraints']).flatMap(
    ({ Constraint }) => (Constraint ? [Constraint as Tree] : []), // a node
  )
  const of = (type: string) => constraints.find((each) => each['contype'] === type)
  const isSerial =
    of('CONSTR_IDENTITY') !== undefined ||
    serials.has(lastName((column['typeName'] as Tree | undefined)?.['names']))
  if (isSerial) return ['plan/adding-serial-primary-key-field']
  const filled = of('CONSTR_DEFAULT')
  const isRewritten =
    (filled && isVolatile(filled['raw_expr'])) || of('CONSTR_GENERATED')?.['generated_kind'] === 's'
  const found: Danger[] = []
  if (of('CONSTR_NOTNULL') && !filled && !of('CONSTR_GENERATED'))
    found.push('plan/adding-required-field')
  if (isRewritten) found.push('plan/adding-field-with-default')
  if (of('CONSTR_UNIQUE') ?? of('CONSTR_PRIMARY')) found.push('plan/disallowed-unique-constraint')
  const isAlwaysNull = !filled && !of('CONSTR_GENERATED')
  if (of('CONSTR_FOREIGN') && !isAlwaysNull) found.push('plan/adding-foreign-key-constraint')
  return found
}

/** One value for all rows is stored once; one for each row is written to every row. */
const steady = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'lower',
  'upper',
  'concat',
  'to_jsonb',
  'jsonb_build_object',
  'jsonb_build_array',
])
function isVolatile(expression: unknown): boolean {
  let found = false
  walk(expression, [], (node, key) => {
    if (key === 'FuncCall' && !steady.has(lastName(node['funcname']))) found = true
  })
  return found
}

/** Dangers of what is new, too. */
function always(kind: string, body: Tree, { sql }: Statement): readonly Danger[] {
  const isCascade = kind === 'TruncateStmt' && body['behavior'] === 'DROP_CASCADE'
  return [
    ...(isCascade ? (['plan/ban-truncate-cascade'] as const) : []),
    ...(namesIn(sql).some((name) => Buffer.byteLength(name) > 63)
      ? (['plan/identifier-too-long'] as const)
      : []),
  ]
}

/** The parser has cut names that are too long: they are looked for in the text. */
function namesIn(sql: string): readonly string[] {
  const withoutTexts = sql.replaceAll(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
  return [...withoutTexts.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu)].map(
    ([bare, quoted]) => quoted?.replaceAll('""', '"') ?? bare,
  )
}

const nodeOf = (tree: Tree): readonly [string, Tree] => {
  const [kind, body] = Object.entries(tree)[0] ?? ['', {}]
  return [kind, (typeof body === 'object' && body !== null ? body : {}) as Tree] // a statement is one node
}
const listOf = (value: unknown): readonly Tree[] => (Array.isArray(value) ? (value as Tree[]) : []) // of nodes
const nameOf = (relation: unknown): string => text((relation as Tree | undefined)?.['relname']) // a node
const lastName = (names: unknown): string =>
  text(((listOf(names).at(-1)?.['String'] ?? {}) as Tree)['sval']) // a list of names
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

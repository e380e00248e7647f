import { schemaOf } from '@bitcartcc/sdk/names'
import type { Problem } from '@bitcartcc/sdk/problem'
import { foreignTable, forbiddenStatement, type SqlPlace } from './sql-problems.ts'

/** What of others a plugin may reach: by schema, columns that a foreign key may point at, `table(column)`; and what may be read. */
export type Reachable = ReadonlyMap<
  string,
  { readonly keys: readonly string[]; readonly tables: readonly string[] }
>

type Tree = Readonly<Record<string, unknown>>

const allowed = new Set([
  'CreateStmt',
  'AlterTableStmt',
  'DropStmt',
  'IndexStmt',
  'ViewStmt',
  'CreateTableAsStmt',
  'RefreshMatViewStmt',
  'CreateSeqStmt',
  'AlterSeqStmt',
  'CreateEnumStmt',
  'AlterEnumStmt',
  'CompositeTypeStmt',
  'CreateStatsStmt',
  'CommentStmt',
  'RenameStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'TruncateStmt',
])
const outsideTransaction = new Set([
  'IndexStmt',
  'DropStmt',
  'ReindexStmt',
  'VacuumStmt',
  'AlterTableStmt',
])
const droppable = new Set([
  'OBJECT_TABLE',
  'OBJECT_INDEX',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_TYPE',
  'OBJECT_STATISTIC_EXT',
])
const forbiddenFunctions =
  /^(set_config|dblink.*|pg_read_.*|pg_ls_.*|pg_stat_file|lo_.*|query_to_xml.*|cursor_to_xml.*|table_to_xml.*|schema_to_xml.*|database_to_xml.*|pg_terminate_backend|pg_cancel_backend|pg_notify|pg_advisory_.*|pg_sleep.*)$/
const coreSchemas: ReadonlySet<string> = new Set(['core', 'core_v1'])
const systemSchemas = new Set(['pg_catalog', 'information_schema'])
const readKeys = new Set(['fromClause', 'larg', 'rarg', 'usingClause', 'sourceRelation'])

/** What one statement of a plugin does that no plugin may: forbidden statements, and relations outside its own schema. Core's own schemas are two. */
export function lint(
  statement: Tree,
  at: SqlPlace,
  plugin: string,
  isInTransaction: boolean,
  reachable: Reachable,
): readonly Problem[] {
  const [[kind, body] = ['', {}]] = Object.entries(statement) as [string, Tree][] // a statement is one node
  const isCore = plugin === 'core'
  const own = isCore ? coreSchemas : new Set([schemaOf(plugin)])
  const makesItsOwn = isCore && kind === 'CreateSchemaStmt' && own.has(String(body['schemaname']))
  if (!(isInTransaction ? allowed : outsideTransaction).has(kind) && !makesItsOwn)
    return [forbiddenStatement(at, words(kind), insteadOf(kind))]
  if (kind === 'DropStmt' && !droppable.has(String(body['removeType'])))
    return [
      forbiddenStatement(
        at,
        `DROP ${words(String(body['removeType']).slice(7))}`,
        'Take the statement out.',
      ),
    ]
  if (isInTransaction && body['concurrent'] === true)
    return [
      forbiddenStatement(
        at,
        'CONCURRENTLY inside a transaction',
        'Put the statement alone into a file that begins with   -- tx: none',
      ),
    ]
  if (makesTemporary(body))
    return [
      forbiddenStatement(
        at,
        'a temporary table that is there after its migration',
        'Write   on commit drop   into the statement: else the table hides others of its name from the migrations that come after.',
      ),
    ]
  const problems: Problem[] = []
  const foreign = (schema: string, name: string) =>
    problems.push(foreignTable(at, `${schema}.${name}`, plugin, coreSchemas.has(schema)))
  walk(statement, [], (node, key, path) => {
    if (key === 'FuncCall') {
      const name = strings(node['funcname'])
      const schema = name.length > 1 ? name[0] : undefined
      if (forbiddenFunctions.test(name.at(-1) ?? ''))
        problems.push(forbiddenStatement(at, `${name.at(-1) ?? ''}()`, 'Take the call out.'))
      else if (schema !== undefined && !own.has(schema) && !systemSchemas.has(schema))
        foreign(schema, `${name.at(-1) ?? ''}()`)
    }
    if (typeof node['relname'] === 'string' && typeof node['schemaname'] === 'string') {
      const [schema, table] = [node['schemaname'], node['relname']]
      const isRead = path.some((each) => readKeys.has(each)) && !path.includes('intoClause')
      if (own.has(schema) || (isRead && (schema === 'core_v1' || systemSchemas.has(schema)))) return
      const published = reachable.get(schema)
      if (isRead && published?.tables.includes(table)) return
      const isKey = path.at(-1) === 'pktable'
      if (isKey && published?.keys.some((each) => each.startsWith(`${table}(`))) return
      foreign(schema, table)
    }
    if (typeof node['catalogname'] === 'string')
      foreign(node['catalogname'], String(node['relname']))
    if (node['subtype'] === 'AT_ChangeOwner')
      problems.push(
        forbiddenStatement(
          at,
          'OWNER TO',
          'Take the statement out: what a plugin creates is its own.',
        ),
      )
    for (const list of [
      ...(key === 'DropStmt' ? asList(node['objects']) : []),
      ...(key === 'CommentStmt' ? [node['object']] : []),
      node['typeName'],
      node['names'],
    ])
      named(
        list,
        key === 'CommentStmt' && /COLUMN|CONSTRAINT/.test(String(node['objtype'])),
        own,
        foreign,
      )
  })
  return problems
}

/** Makes something temporary that stays as long as the connection. */
function makesTemporary(body: Tree): boolean {
  const into = (body['into'] ?? body['intoClause']) as Tree | undefined // a node
  const made = [body['relation'], body['view'], body['sequence'], into?.['rel']]
  const isTemporary = made.some((each) => (each as Tree | undefined)?.['relpersistence'] === 't') // a node
  return isTemporary && (into?.['onCommit'] ?? body['oncommit']) !== 'ONCOMMIT_DROP'
}

function named(
  list: unknown,
  isPart: boolean,
  own: ReadonlySet<string>,
  foreign: (schema: string, name: string) => void,
): void {
  const parts = strings(list)
  const qualified = isPart ? parts.length > 2 : parts.length > 1
  const [schema = '', name = ''] = parts
  if (qualified && !own.has(schema) && !systemSchemas.has(schema)) foreign(schema, name)
}

/** The texts of a list of String nodes, whether bare, in a List or as names of a TypeName. */
function strings(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => text(each) ?? [])
  if (typeof value !== 'object' || value === null) return []
  const { List, TypeName } = value as { List?: { items?: unknown }; TypeName?: { names?: unknown } } // nodes of the parse tree
  return strings(List?.items ?? TypeName?.names)
}
const text = (node: unknown) => (node as { String?: { sval?: string } } | null)?.String?.sval
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Visits every node of a parse tree, with the keys that lead to it. */
export function walk(
  value: unknown,
  path: readonly string[],
  visit: (node: Tree, key: string, path: readonly string[]) => void,
): void {
  if (Array.isArray(value)) for (const each of value) walk(each, path, visit)
  else if (typeof value === 'object' && value !== null) {
    const node = value as Tree // an object is a node
    const isWrapper = path.at(-1) === 'RangeVar'
    visit(node, path.at(-1) ?? '', isWrapper ? path.slice(0, -1) : path)
    for (const [key, inner] of Object.entries(node)) walk(inner, [...path, key], visit)
  }
}

/** `TransactionStmt` → `TRANSACTION`, `CreateRoleStmt` → `CREATE ROLE`. */
export const words = (kind: string) =>
  kind
    .replace(/Stmt$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toUpperCase()

const insteadOf = (kind: string) =>
  ({
    TransactionStmt: 'Take the statement out: each migration runs in a transaction of its own.',
    VariableSetStmt: 'Take the statement out: the migrator sets what is needed.',
    GrantStmt: 'Take the statement out: rights are given by the migrator.',
    CreateSchemaStmt:
      'Take the statement out: the plugin has its own schema, and names without one mean it.',
    CreateFunctionStmt: 'Take the function out, and do its work in a job or a handler.',
  })[kind] ?? 'Take the statement out.'

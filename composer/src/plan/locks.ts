import type { Statement } from './statements.ts'

type Tree = Readonly<Record<string, unknown>>

/** PostgreSQL's locks on tables, from the one that stops nobody to the one that stops everybody. */
const levels = [
  'access share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'access exclusive',
] as const
export type LockLevel = (typeof levels)[number]

/**
 * The strongest lock that a statement takes on a table which was there before its file; undefined where it takes none.
 *
 * Source: PostgreSQL's manual, "Explicit Locking", and the page of each statement.
 */
export function lockOf({ tree }: Statement, made: ReadonlySet<string>): LockLevel | undefined {
  const [[kind, body] = ['', {}]] = Object.entries(tree) as [string, Tree][] // a statement is one node
  const isMade = made.has(nameOf(body['relation']))
  const isConcurrent = body['concurrent'] === true
  switch (kind) {
    case 'CreateStmt':
      return listOf(body['tableElts']).some(pointsAtOthers) ? 'share row exclusive' : undefined
    case 'AlterTableStmt':
      return isMade ? undefined : strongest(listOf(body['cmds']).map(ofCommand))
    case 'IndexStmt':
      return isMade ? undefined : isConcurrent ? 'share update exclusive' : 'share'
    case 'DropStmt':
      return ofDrop(body, isConcurrent)
    case 'RenameStmt':
      if (isMade) return undefined
      return body['renameType'] === 'OBJECT_INDEX' ? 'share update exclusive' : 'access exclusive'
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return isMade ? undefined : 'row exclusive'
    case 'TruncateStmt':
    case 'RefreshMatViewStmt':
      return 'access exclusive'
    case 'ReindexStmt':
    case 'VacuumStmt':
    case 'CommentStmt':
    case 'CreateStatsStmt':
      return 'share update exclusive'
    case 'ViewStmt':
      return body['replace'] === true ? 'access exclusive' : 'access share'
    case 'SelectStmt':
    case 'CreateTableAsStmt':
      return 'access share'
    default:
      return undefined
  }
}

const looser: ReadonlySet<string> = new Set([
  'AT_ValidateConstraint',
  'AT_SetStatistics',
  'AT_SetOptions',
  'AT_ResetOptions',
])

function ofCommand({ AlterTableCmd }: Tree): LockLevel {
  const { subtype, def } = AlterTableCmd as Tree // of an ALTER TABLE
  if (looser.has(String(subtype))) return 'share update exclusive'
  const { Constraint } = (def ?? {}) as { Constraint?: Tree } // a node, or nothing
  const isForeignKey =
    subtype === 'AT_AddConstraint' && Constraint?.['contype'] === 'CONSTR_FOREIGN'
  return isForeignKey ? 'share row exclusive' : 'access exclusive'
}

function ofDrop(body: Tree, isConcurrent: boolean): LockLevel | undefined {
  switch (body['removeType']) {
    case 'OBJECT_INDEX':
      return isConcurrent ? 'share update exclusive' : 'access exclusive'
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return 'access exclusive'
    default:
      return undefined
  }
}

/** A foreign key of a new table, on a column or for itself. */
function pointsAtOthers(element: Tree): boolean {
  const { ColumnDef, Constraint } = element as { ColumnDef?: Tree; Constraint?: Tree } // of a CREATE TABLE
  if (Constraint) return Constraint['contype'] === 'CONSTR_FOREIGN'
  return listOf(ColumnDef?.['constraints']).some(pointsAtOthers)
}

/** Of some locks the one that stops most others. */
export const strongest = (found: readonly string[]): LockLevel | undefined =>
  levels.findLast((level) => found.includes(level))
const listOf = (value: unknown): readonly Tree[] => (Array.isArray(value) ? (value as Tree[]) : []) // of nodes
const nameOf = (relation: unknown): string => String((relation as Tree | undefined)?.['relname']) // a node

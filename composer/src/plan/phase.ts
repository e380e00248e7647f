import type { Statement } from './statements.ts'

/** What a migration does to code of the release before it: nothing; it changes data; it takes something away. */
export type Phase = 'expand' | 'migrate' | 'contract'
/** The statement that decides the phase of a file; undefined where nothing but `expand` is in it. */
export interface Decided {
  readonly phase: Phase
  readonly by: Statement | undefined
}

type Tree = Readonly<Record<string, unknown>>
const weight: Readonly<Record<Phase, number>> = { expand: 0, migrate: 1, contract: 2 }
export const isWeaker = (a: Phase, b: Phase): boolean => weight[a] < weight[b]

/** Reads the phase of a file off its statements: the strongest one counts. Tables that the file itself makes are nobody's yet. */
export function phaseOf(statements: readonly Statement[]): Decided {
  const made = new Set<string>()
  let decided: Decided = { phase: 'expand', by: undefined }
  for (const statement of statements) {
    const [[kind, body] = ['', {}]] = Object.entries(statement.tree) as [string, Tree][] // a statement is one node
    const relation = nameOf(body['relation'])
    if (kind === 'CreateStmt' || kind === 'CreateTableAsStmt')
      made.add(relation ?? nameOf((body['into'] as Tree | undefined)?.['rel']) ?? '')
    if (relation !== undefined && made.has(relation)) continue
    const phase = phaseOfStatement(kind, body)
    if (isWeaker(decided.phase, phase)) decided = { phase, by: statement }
  }
  return decided
}

const nameOf = (relation: unknown): string | undefined => {
  const name = (relation as Tree | undefined)?.['relname']
  return typeof name === 'string' ? name : undefined
}

const data = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'SelectStmt'])
/** Without these every statement runs as before, if slower. */
const unseen = new Set(['OBJECT_INDEX', 'OBJECT_STATISTIC_EXT', 'OBJECT_TABCONSTRAINT'])

function phaseOfStatement(kind: string, body: Tree): Phase {
  if (data.has(kind)) return 'migrate'
  if (kind === 'TruncateStmt') return 'contract'
  if (kind === 'DropStmt') return unseen.has(String(body['removeType'])) ? 'expand' : 'contract'
  if (kind === 'RenameStmt') return unseen.has(String(body['renameType'])) ? 'expand' : 'contract'
  if (kind !== 'AlterTableStmt') return 'expand'
  const commands = (body['cmds'] ?? []) as readonly { readonly AlterTableCmd?: Tree }[] // of an ALTER TABLE
  return commands.some(({ AlterTableCmd }) => AlterTableCmd && breaks(AlterTableCmd))
    ? 'contract'
    : 'expand'
}

function breaks({ subtype, def }: Tree): boolean {
  switch (subtype) {
    case 'AT_DropColumn':
    case 'AT_SetNotNull':
    case 'AT_AlterColumnType':
    case 'AT_DropIdentity':
      return true
    case 'AT_AddConstraint':
      return (def as { Constraint?: Tree } | undefined)?.Constraint?.['skip_validation'] !== true
    case 'AT_AddColumn': {
      const { constraints = [] } = ((def as Tree)['ColumnDef'] ?? {}) as {
        constraints?: readonly { readonly Constraint?: Tree }[]
      } // of a column
      const has = (type: string) =>
        constraints.some(({ Constraint }) => Constraint?.['contype'] === type)
      return (
        has('CONSTR_NOTNULL') &&
        !has('CONSTR_DEFAULT') &&
        !has('CONSTR_GENERATED') &&
        !has('CONSTR_IDENTITY')
      )
    }
    default:
      return false
  }
}

import type { MigrationStatement, MigrationStep } from '@bitcartcc/domain/migration-plan'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { MigrationFile } from '../read/migrations.ts'
import { madeBy } from './dangers.ts'
import { lockOf } from './locks.ts'
import type { ReadFile } from './new-migrations.ts'
import { isWeaker, phaseOf, type Phase } from './phase.ts'
import { lint, type Reachable } from './sql-lint.ts'
import { idsIn, type Told } from './told.ts'
import {
  badHeader,
  forbiddenStatement,
  notRepeatable,
  notSql,
  strongerPhase,
  type SqlPlace,
} from './sql-problems.ts'
import { statementsOf, type Statement } from './statements.ts'

/** `ratings/0001_votes`: four digits and a word. */
export const isMigrationName = (id: string): boolean =>
  /^\d{4}_[a-z0-9_]+$/.test(id.split('/')[1] ?? '')

/** Reads one SQL file as a step, with the problems of its header and of its statements; `reachable` is what it may read and point at. */
export async function readStep(
  file: MigrationFile,
  owner: string,
  release: string,
  reachable: Reachable,
): Promise<{
  readonly step: MigrationStep
  readonly read: ReadFile
  /** What its header says of its place in the order. */
  readonly told: readonly Told[]
  readonly problems: readonly Problem[]
}> {
  const lines = file.text.split('\n')
  const placeOf = (line: number): SqlPlace => ({
    owner,
    place: `${file.file}:${line}`,
    text: lines[line - 1]?.trim() || '(an empty line)',
  })
  const { header, told: order, problems } = headerOf(file, lines, placeOf)
  const transaction = header.get('tx') !== 'none'
  const parsed = await statementsOf(file.text)
  const statements: readonly Statement[] = 'error' in parsed ? [] : parsed.statements
  if ('error' in parsed) problems.push(notSql(placeOf(parsed.line), parsed.error))
  for (const { tree, line } of statements)
    problems.push(...lint(tree, placeOf(line), file.plugin, transaction, reachable))
  const second = statements[1]
  if (!transaction && second)
    problems.push(
      forbiddenStatement(
        placeOf(second.line),
        'a second one outside a transaction',
        'Put it into a file of its own.',
      ),
    )
  const isRepeated = header.has('repeat')
  if (isRepeated && !(transaction && isRepeatable(statements)))
    problems.push(notRepeatable(placeOf(statements[0]?.line ?? 1)))
  const made = madeBy(statements)
  const { phase, by } = phaseOf(statements)
  const [, told, reason] =
    /^(expand|migrate|contract)(?:, because (.+))?$/.exec(header.get('tag') ?? '') ?? []
  if (told !== undefined && reason === undefined && by && isWeaker(told as Phase, phase))
    // one of the three
    problems.push(strongerPhase(placeOf(by.line), told, phase))
  return {
    step: {
      plugin: file.plugin,
      id: file.id,
      release,
      checksum: file.checksum,
      tag: told === undefined ? phase : (told as Phase), // one of the three
      transaction,
      ...(isRepeated ? { repeat: true as const } : {}),
      statements: statements.map((statement) => shipped(statement, made)),
    },
    read: { id: file.id, lines, statements, placeOf, isContract: told === 'contract' },
    told: order,
    problems,
  }
}

function shipped(statement: Statement, made: ReadonlySet<string>): MigrationStatement {
  const lock = lockOf(statement, made)
  return { sql: statement.sql, line: statement.line, ...(lock ? { lock } : {}) }
}

/** One statement that changes rows, with a condition that can leave alone what it has changed. */
function isRepeatable(statements: readonly Statement[]): boolean {
  const [first, second] = statements
  const { UpdateStmt, DeleteStmt, InsertStmt } = (first?.tree ?? {}) as Partial<
    Record<string, Readonly<Record<string, unknown>>>
  > // a statement is one node
  const { SelectStmt } = (InsertStmt?.['selectStmt'] ?? {}) as { SelectStmt?: object } // of an INSERT
  const conditions = [
    UpdateStmt?.['whereClause'],
    DeleteStmt?.['whereClause'],
    InsertStmt?.['onConflictClause'],
    SelectStmt && 'whereClause' in SelectStmt,
  ]
  return second === undefined && conditions.some(Boolean)
}

const takes: Readonly<Record<string, readonly string[] | undefined>> = {
  tag: ['expand', 'migrate', 'contract'],
  tx: ['none'],
  repeat: ['true'],
}
const plain = (value: string) => value.trim().replace(/, because .+$/, '')
const ways: readonly string[] = ['after', 'before']
const notHere: Readonly<Record<string, string>> = {
  probe:
    'Take the line out: a statement that was cut off is found done, or run again, without being asked.',
  replaces: 'Take the line out: every migration that was shipped stays in its plugin.',
}

/** Lines `-- key: value` before the first statement. */
function headerOf(
  { id, plugin }: MigrationFile,
  lines: readonly string[],
  placeOf: (line: number) => SqlPlace,
): {
  readonly header: ReadonlyMap<string, string>
  readonly told: readonly Told[]
  readonly problems: Problem[]
} {
  const header = new Map<string, string>()
  const told: Told[] = []
  const problems: Problem[] = []
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '' && !line.startsWith('--')) break
    const [, key = '', value = ''] = line.match(/^-- ([a-z]+): (.*)$/) ?? []
    const at = placeOf(index + 1)
    const choices = takes[key]
    const isNotHere = notHere[key]
    if (isNotHere !== undefined) problems.push(badHeader(at, isNotHere))
    else if (ways.includes(key)) {
      const way = key as Told['way'] // one of the two
      const ids = idsIn(value)
      if (ids) told.push(...ids.map((other) => ({ id, plugin, way, other, at })))
      else problems.push(badHeader(at, `Write   -- ${key}: ledger/0002_accounts`))
    } else if (choices && !choices.includes(plain(value)))
      problems.push(
        badHeader(at, `Write   ${choices.map((each) => `-- ${key}: ${each}`).join('   or   ')}`),
      )
    else if (choices) header.set(key, value.trim())
  }
  return { header, told, problems }
}

import type { Problem } from '@bitcartcc/sdk/problem'
import type { IgnoredRule } from '../model/plan.ts'
import { badIgnore, dangerousStatement, ignoredBy } from './danger-problems.ts'
import { dangersIn, madeBy } from './dangers.ts'
import type { SqlPlace } from './sql-problems.ts'
import type { Statement } from './statements.ts'

/** A migration as it was read. */
export interface ReadFile {
  readonly id: string
  readonly lines: readonly string[]
  readonly statements: readonly Statement[]
  readonly placeOf: (line: number) => SqlPlace
  /** Says in its header that it takes away what the release before uses. */
  readonly isContract: boolean
}

/** What the migrations that an update brings would do to a shop in use; and the rules they set aside. Of one plugin. */
export function examineNew(files: readonly ReadFile[]): {
  readonly problems: readonly Problem[]
  readonly ignored: readonly IgnoredRule[]
} {
  const made = madeBy(files.flatMap(({ statements }) => statements))
  const problems: Problem[] = []
  const ignored: IgnoredRule[] = []
  for (const { lines, statements, placeOf, isContract } of files) {
    for (const [at, line] of lines.entries())
      if (ignoredBy(line) === 'wrong') problems.push(badIgnore(placeOf(at + 1)))
    for (const { danger, statement } of dangersIn(statements, made, { isContract })) {
      const place = placeOf(statement.line)
      const set = ignoredAbove(lines, statement.line).find(({ rule }) => danger === `plan/${rule}`)
      if (set) ignored.push({ owner: place.owner, place: place.place, ...set })
      else problems.push(dangerousStatement(danger, place))
    }
  }
  return { problems, ignored }
}

/** The comments directly above a line. */
function ignoredAbove(lines: readonly string[], line: number) {
  const found: { readonly rule: string; readonly why: string }[] = []
  for (let at = line - 2; at >= 0 && lines[at]?.startsWith('--') === true; at--) {
    const set = ignoredBy(lines[at] ?? '')
    if (set !== undefined && set !== 'wrong') found.push(set)
  }
  return found
}

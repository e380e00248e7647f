import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { diskProblem } from '../place/disk-problems.ts'
import { counted } from '../views/shown.ts'
import { commands, isCommand, type CommandName } from './all.ts'
import type { Command } from './command.ts'
import { isSelection } from './read-args.ts'
import { RefusedAfter } from './refused-after.ts'

/** A refusal in the words of the command line: what is to be typed names the command and the selection that were typed. */
export function asTyped(error: unknown, name: CommandName, words: readonly string[]): unknown {
  if (!(error instanceof Refused)) return error
  const takesNames = /^\[?NAME/.test(commands[name].words)
  const names = takesNames ? words.filter((word) => !isSelection(word)) : []
  const typed = ['compose', name, ...names].join(' ')
  const file = words.find(isSelection) ?? 'selection.yaml'
  const problems = error.problems.map((problem) => ({
    ...problem,
    fix: problem.fix.map((line) =>
      problem.code === 'selection/not-found'
        ? line.replace('compose build', typed)
        : ofSelection(line, file),
    ),
  }))
  return error instanceof RefusedAfter
    ? new RefusedAfter(problems, error.found)
    : new Refused(problems)
}

/** A line that ends with a command for `selection.yaml`, for another file. */
function ofSelection(line: string, file: string): string {
  const [, name = ''] = / {3}compose ([a-z]+)(?: [^ …]+)*$/.exec(line) ?? []
  const isAbout = isCommand(name) && commands[name].words.endsWith('[selection.yaml]')
  return isAbout && file !== 'selection.yaml' && !/\.ya?ml$/.test(line) ? `${line} ${file}` : line
}

/** Words a refusal, or our own bug, and gives the exit status: 1 or 70. */
export function tellFailure(
  thrown: unknown,
  { flags, print, tell }: Command,
  ending = ' Nothing was built.',
): number {
  const problem = diskProblem(thrown)
  const error = problem ? new Refused([problem]) : thrown
  if (error instanceof Refused) {
    const found = error instanceof RefusedAfter ? error.found : {}
    if (flags.json) print(`${JSON.stringify({ ...found, problems: error.problems })}\n`)
    else {
      tell('\n')
      for (const each of error.problems) tell(`${problemText(each)}\n`)
      tell(`${counted(error.problems.length, 'problem')}.${ending}\n`)
    }
    return 1
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const report = join(tmpdir(), `compose-report-${process.pid}.txt`)
  writeFileSync(
    report,
    `compose ${process.argv[2] ?? ''}\nnode ${process.version} ${process.platform} ${process.arch}\n\n${stack}\n`,
  )
  tell(
    `\ncompose itself failed. This is our fault.\n\n${stack}\n\nA report without your settings is in ${report}.\n`,
  )
  return 70
}

import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { envProblems, namesThatMayBe } from '../env/check.ts'
import { filledEnv } from '../env/fill.ts'
import type { EnvSchema } from '../model/env-schema.ts'
import { counted } from '../views/shown.ts'
import type { RunCommand } from './command.ts'
import { distributionFolder } from './distribution-folder.ts'
import { dotEnvText } from './dot-env.ts'
import { RefusedAfter } from './refused-after.ts'
import { writing } from './writing.ts'

const file = '.env'

/** What became of `.env`; names only, for values are secrets. */
interface Filled {
  readonly file: string
  readonly isWritten: boolean
  readonly made: readonly string[]
  readonly withoutValue: readonly string[]
  readonly ofDocker: readonly string[]
}

/** `compose env [dist/NAME]`: begins or completes `.env` beside dist/, and refuses what would not work; `--dry-run` only looks. */
export const envCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const folder = distributionFolder(words[0], 'env')
  const schema = schemaIn(folder)
  if (!schema) throw new Error(`${folder} has no env.schema.json`)
  const before = dotEnvText()
  const example = before ?? readFileSync(join(folder, '.env.example'), 'utf8')
  const { text, made } = flags.dryRun
    ? { text: before ?? '', made: [] }
    : filledEnv(example, schema)
  const isWritten = !flags.dryRun && text !== before
  if (isWritten) await writing(file, () => write(text, before !== undefined), true)
  const filled: Filled = { file, isWritten, made, ...namesThatMayBe({ schema, text }) }
  if (!flags.json) for (const name of filled.made) print(`+ ${name}\n`)
  const problems = envProblems({ schema, text, file, given: {}, isForDocker: true })
  if (problems.length > 0) throw new RefusedAfter(problems, filled)
  if (flags.json) print(`${JSON.stringify(filled)}\n`)
  else if (!flags.quiet)
    tell(`  ${file} fits ${counted(Object.keys(schema.properties).length, 'variable')}.\n\n`)
  return 0
}

/** Refuses an environment that the distribution would not start with, or not as it is written. */
export function refuse(
  folder: string,
  text: string,
  given: Readonly<Record<string, string | undefined>>,
  isForDocker: boolean,
): void {
  const schema = schemaIn(folder)
  if (!schema) return
  const problems = envProblems({ schema, text, file, given, isForDocker })
  if (problems.length > 0) throw new Refused(problems)
}

function schemaIn(folder: string): EnvSchema | undefined {
  const at = join(folder, 'env.schema.json')
  return existsSync(at) ? (JSON.parse(readFileSync(at, 'utf8')) as EnvSchema) : undefined // made by the package stage
}

/** As a whole or not at all, and for its owner's eyes; whoever may read one that is there, still may. */
function write(text: string, isThere: boolean): void {
  const beside = `${file}.${process.pid}.new`
  writeFileSync(beside, text, { mode: isThere ? statSync(file).mode & 0o777 : 0o600 })
  renameSync(beside, file)
}

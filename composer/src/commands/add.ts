import type { Document } from 'yaml'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import type { Planned } from '../pipeline.ts'
import { nearest } from '../read/nearest.ts'
import { alreadySelected, notOffered } from '../selection/problems.ts'
import type { RunCommand } from './command.ts'
import { isPluginName } from './names.ts'
import { notAPluginName } from './plugin-new-problems.ts'
import { editSelection, namesAndFile, planOf, takeFrom } from './edit-selection.ts'
import { plannedChanges, type PlannedChange } from './planned-changes.ts'

interface Asked {
  readonly name: string
  readonly range: string | undefined
}

interface Added {
  readonly selection: string
  /** With the range that was written, and the version that fits it now. */
  readonly added: readonly {
    readonly name: string
    readonly range: string
    readonly version: string
  }[]
  /** What the next build will lock otherwise than one before would have. */
  readonly changes: readonly PlannedChange[]
}

/** `compose add NAME[@RANGE]… [selection.yaml]`: selects plugins, at `^` the newest version that fits where no range is given. */
export const addCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const { names, file } = namesAndFile(words)
  const asked = names.map((word): Asked => {
    const [name = '', ...rest] = word.split('@')
    return { name, range: rest.join('@') || undefined }
  })
  const unfit = asked.filter(({ name }) => !isPluginName(name))
  if (unfit.length > 0) throw new Refused(unfit.map(({ name }) => notAPluginName(name, 'add')))
  const { readSelection } = await import('../selection/index.ts')
  const selection = await readSelection(file)
  const twice = selection.plugins.filter(({ name }) => asked.some((each) => each.name === name))
  if (twice.length > 0)
    throw new Refused(twice.map(({ name, at, text }) => alreadySelected(name, at, text)))
  const before = await planOf(file, flags)
  const tried = await editSelection(
    file,
    flags,
    (document) => {
      for (const { name, range } of asked) select(document, name, range ?? '*')
    },
    () => undefined,
  ).catch(async (error: unknown) => {
    throw await inWordsOfAdd(error, file, asked, flags.offline)
  })
  const ranged = asked.map(({ name, range }) => {
    const version = versionIn(tried, name)
    return { name, range: range ?? `^${version}`, version }
  })
  const planned = await editSelection(
    file,
    flags,
    (document) => {
      for (const { name, range } of ranged) select(document, name, range)
    },
    () => undefined,
  )
  const added: Added = {
    selection: selection.shownAs,
    added: ranged,
    changes: plannedChanges(before.lock, planned),
  }
  if (flags.json) print(`${JSON.stringify(added)}\n`)
  else {
    for (const { name, range } of added.added) print(`${name}: ${range}\n`)
    if (!flags.quiet) tell(nextText(added, file))
  }
  return 0
}

/** What comes along with the plugins, and what to do next. */
function nextText({ added, changes }: Added, file: string): string {
  const brought = changes
    .filter(({ name, from }) => from === null && !added.some((each) => each.name === name))
    .map(({ name, to }) => `  ${name} ${to ?? ''} comes along\n`)
  return `${brought.join('')}\n  Next: compose build${file === 'selection.yaml' ? '' : ` ${file}`}\n\n`
}

/** What was kept of it is taken up again. */
function select(document: Document, name: string, range: string): void {
  // A new node: the old one keeps the quotes that `*` needs.
  document.setIn(['plugins', name], document.createNode(range))
  if (document.hasIn(['removed', name])) takeFrom(document, 'removed', name)
}

const versionIn = ({ plan }: Planned, name: string): string => {
  const found = plan.plugins.find(({ release }) => release.name === name)
  if (!found) throw new Error(`${name} was selected and is not in the plan`)
  return found.release.version
}

/** A name that no source has stands in the command, and no longer in the file. */
async function inWordsOfAdd(
  error: unknown,
  file: string,
  asked: readonly Asked[],
  isOffline: boolean | undefined,
): Promise<unknown> {
  if (!(error instanceof Refused)) return error
  const { readSelection } = await import('../selection/index.ts')
  const { readCatalog } = await import('../sources/index.ts')
  const { pathsOf } = await import('../cache/paths.ts')
  const { cacheDir } = await import('./environment.ts')
  const { cache } = pathsOf('any', { cwd: process.cwd(), cacheDir: cacheDir() })
  const { releases } = await readCatalog(await readSelection(file), { cacheDir: cache, isOffline })
  const offered = [...new Set(releases.map(({ name }) => name))]
  const isUnknown = (says: string) => asked.find(({ name }) => says.endsWith(` named ${name}.`))
  return new Refused(
    error.problems.map((problem) => {
      const unknown =
        problem.code === 'resolve/unknown-plugin' ? isUnknown(problem.says) : undefined
      return unknown
        ? notOffered(unknown.name, nearest(unknown.name, offered))
        : inTheCommand(problem, asked)
    }),
  )
}

/** Lines that were in the selection while it was tried are told as what was typed: they are in no file. */
function inTheCommand(problem: Problem, asked: readonly Asked[]): Problem {
  const lines = new Map<string, string>()
  const facts = problem.facts?.map((row) => {
    const [place = '', text = ''] = row
    const typed = asked.find(({ name }) => text.startsWith(`${name}: `))
    if (!typed || row.length !== 2 || place.includes(' plugin.yaml:')) return row
    lines.set(place, typed.name)
    return ['compose add', typed.range === undefined ? typed.name : `${typed.name}@${typed.range}`]
  })
  if (!facts || lines.size === 0) return problem
  const fix = problem.fix.map((line) => {
    let told = line
    for (const [place, name] of lines)
      told = told
        .replace(`In ${place} write a range like   `, `Write   compose add ${name}@`)
        .replace(`In ${place} write   ${name}: `, `Write   compose add ${name}@`)
        .replace(`in ${place} write   ${name}: `, `write   compose add ${name}@`)
        .replace(`Take ${name} out, in ${place}`, `Leave ${name} out`)
        .replace(`take ${name} out, in ${place}`, `leave ${name} out`)
    return told
  })
  return { ...problem, facts, kept: 'The selection is as it was.', fix }
}

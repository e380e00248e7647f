import type { Document } from 'yaml'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Planned } from '../pipeline.ts'
import { nearest } from '../read/nearest.ts'
import { notSelected, stillNeeded } from '../selection/problems.ts'
import type { RunCommand } from './command.ts'
import { editSelection, namesAndFile, planOf, takeFrom } from './edit-selection.ts'
import { plannedChanges, type PlannedChange } from './planned-changes.ts'

interface Removed {
  readonly selection: string
  /** With the range it was selected by, and whether what it stored is kept. */
  readonly removed: readonly {
    readonly name: string
    readonly range: string
    readonly isKept: boolean
  }[]
  /** What the next build will lock otherwise than one before would have. */
  readonly changes: readonly PlannedChange[]
}

/** `compose remove NAME… [selection.yaml]`: takes plugins out; the tables of one that was built before are kept, and said so. */
export const removeCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const { names, file } = namesAndFile(words)
  const { readSelection } = await import('../selection/index.ts')
  const selection = await readSelection(file)
  const selected = selection.plugins.map(({ name }) => name)
  const unknown = names.filter((name) => !selected.includes(name))
  if (unknown.length > 0)
    throw new Refused(
      unknown.map((name) => notSelected(name, selection.shownAs, nearest(name, selected))),
    )
  const before = await planOf(file, flags)
  const taken = names.flatMap((name) =>
    selection.plugins
      .filter((each) => each.name === name)
      .map(({ range }) => ({
        name,
        range,
        isKept: Object.hasOwn(before.previous?.plugins ?? {}, name),
      })),
  )
  const planned = await editSelection(
    file,
    flags,
    (document) => takeOut(document, taken),
    (after) => refuseWhatComesBack(after, names),
  )
  const removed: Removed = {
    selection: selection.shownAs,
    removed: taken,
    changes: plannedChanges(before.lock, planned),
  }
  if (flags.json) print(`${JSON.stringify(removed)}\n`)
  else {
    for (const { name } of removed.removed) print(`${name}\n`)
    if (!flags.quiet) tell(nextText(removed, file))
  }
  return 0
}

function nextText({ removed }: Removed, file: string): string {
  const kept = removed
    .filter(({ isKept }) => isKept)
    .map(({ name }) => `  ${name}: what it stored is kept (removed: keep)\n`)
  return `${kept.join('')}\n  Next: compose build${file === 'selection.yaml' ? '' : ` ${file}`}\n\n`
}

function takeOut(document: Document, removed: Removed['removed']): void {
  for (const { name, isKept } of removed) {
    document.deleteIn(['plugins', name])
    for (const key of ['settings', 'grants']) takeFrom(document, key, name)
    if (isKept) document.setIn(['removed', name], 'keep')
  }
}

function refuseWhatComesBack({ plan }: Planned, names: readonly string[]): void {
  const problems = names
    .filter((name) => plan.plugins.some(({ release }) => release.name === name))
    .map((name) =>
      stillNeeded(
        name,
        plan.plugins.flatMap(({ release }) => {
          const range = release.manifest.requires.plugins?.[name]
          if (range === undefined) return []
          const { file, line } = release.at('requires', 'plugins', name)
          return [[`${file}:${line}`, `${name}: ${range}`]]
        }),
      ),
    )
  if (problems.length > 0) throw new Refused(problems)
}

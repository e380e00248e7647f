import type { Document } from 'yaml'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Planned } from '../pipeline.ts'
import { nearest } from '../read/nearest.ts'
import { notSelected, stillNeeded } from '../selection/problems.ts'
import type { RunCommand } from './command.ts'
import { editSelection, namesAndFile, planOf, takeFrom } from './edit-selection.ts'

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
  const { previous } = await planOf(file, flags)
  const kept = names.filter((name) => Object.hasOwn(previous?.plugins ?? {}, name))
  await editSelection(
    file,
    flags,
    (document) => takeOut(document, names, kept),
    (planned) => refuseWhatComesBack(planned, names),
  )
  for (const name of names) print(`${name}\n`)
  if (!flags.quiet) {
    for (const name of kept) tell(`  ${name}: what it stored is kept (removed: keep)\n`)
    tell(`\n  Next: compose build${file === 'selection.yaml' ? '' : ` ${file}`}\n\n`)
  }
  return 0
}

function takeOut(document: Document, names: readonly string[], kept: readonly string[]): void {
  for (const name of names) {
    document.deleteIn(['plugins', name])
    for (const key of ['settings', 'grants']) takeFrom(document, key, name)
  }
  for (const name of kept) document.setIn(['removed', name], 'keep')
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

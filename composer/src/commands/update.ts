import { Refused } from '@bitcartcc/sdk/problem'
import { changeLines, type LockChange } from '../lock/lock-changes.ts'
import type { Lock } from '../model/lock.ts'
import { nearest } from '../read/nearest.ts'
import { cacheDir } from './environment.ts'
import type { RunCommand } from './command.ts'
import { namesAndFile } from './edit-selection.ts'
import { plannedChanges, type PlannedChange } from './planned-changes.ts'
import { RefusedAfter } from './refused-after.ts'
import { newCapability, notUsed } from './update-problems.ts'

interface Updated {
  readonly lock: string
  /** Nothing was locked before: everything is new. */
  readonly isFirst: boolean
  readonly changes: readonly PlannedChange[]
  /** Plugins that can reach what they could not before; without --yes nothing is written for their sake. */
  readonly reachFurther: readonly string[]
  readonly state: 'written' | 'looked-at' | 'waits-for-yes'
}

/** `compose update [NAME…] [selection.yaml]`: locks the newest versions that fit, of the plugins named or of all; says what changes. */
export const updateCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const { names, file } = namesAndFile(words)
  const { planSelection } = await import('../pipeline.ts')
  const planned = await planSelection(file, {
    out: flags.out,
    cacheDir: cacheDir(),
    isOffline: flags.offline,
    updated: names.length === 0 ? 'all' : new Set(names),
  })
  const { lock, beside, lockText, lockFile, plan } = planned
  const used = plan.plugins.map(({ release }) => release.name)
  const unknown = names.filter((name) => name !== 'core' && !used.includes(name))
  if (unknown.length > 0)
    throw new Refused(unknown.map((name) => notUsed(name, file, nearest(name, used))))
  const { shown } = await import('../views/shown.ts')
  const changes = plannedChanges(beside ?? withoutPlugins(lock), planned)
  const further = changes.filter(reachesFurther)
  const isWaiting = further.length > 0 && !flags.yes
  const state = flags.dryRun ? 'looked-at' : isWaiting ? 'waits-for-yes' : 'written'
  const updated: Updated = {
    lock: shown(lockFile),
    isFirst: beside === undefined,
    changes,
    reachFurther: further.map(({ name }) => name),
    state,
  }
  if (!flags.json) print(updatedText(updated))
  if (state === 'waits-for-yes')
    throw new RefusedAfter(
      [newCapability(further, updated.lock, [...names, ...fileWord(file)])],
      updated,
    )
  if (state === 'written') {
    const { writeLock } = await import('../lock/index.ts')
    writeLock(lockFile, lockText)
  }
  if (flags.json) print(`${JSON.stringify(updated)}\n`)
  else if (!flags.quiet) tell(`\n${nextText(updated, file)}\n\n`)
  return 0
}

/** A lock of core alone, against which every plugin is new. */
const withoutPlugins = (lock: Lock): Lock => ({
  ...lock,
  plugins: {},
  migrations: Object.fromEntries(
    Object.entries(lock.migrations).filter(([id]) => id.startsWith('core/')),
  ),
})

/** A plugin that is new was asked for, with all that it reaches. */
const reachesFurther = ({ from, to, capabilities }: LockChange) =>
  from !== null && to !== null && capabilities.added.length > 0

function updatedText({ isFirst, changes }: Updated): string {
  if (isFirst) return changes.map(({ name, to }) => `+ ${name} ${to ?? ''}\n`).join('')
  if (changes.length === 0) return 'Everything is as new as the selection lets it be.\n'
  return changeLines(changes)
    .map((line) => `${line}\n`)
    .join('')
}

const nextText = ({ state, lock }: Updated, file: string) =>
  state === 'written'
    ? `  ${lock} is written.\n  Next: ${['compose build', ...fileWord(file)].join(' ')}`
    : '  Nothing was written (--dry-run).'

const fileWord = (file: string): readonly string[] => (file === 'selection.yaml' ? [] : [file])

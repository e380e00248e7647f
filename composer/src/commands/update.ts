import { Refused } from '@bitcartcc/sdk/problem'
import { lockChanges, newCapabilities } from '../lock/lock-text.ts'
import { nearest } from '../read/nearest.ts'
import { cacheDir } from './environment.ts'
import type { RunCommand } from './command.ts'
import { namesAndFile } from './edit-selection.ts'
import { newCapability, notUsed } from './update-problems.ts'

/** `compose update [NAME…] [selection.yaml]`: locks the newest versions that fit, of the plugins named or of all; says what changes. */
export const updateCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const { names, file } = namesAndFile(words)
  const { planSelection } = await import('../pipeline.ts')
  const { lock, beside, lockText, lockFile, plan } = await planSelection(file, {
    out: flags.out,
    cacheDir: cacheDir(),
    isOffline: flags.offline,
    updated: names.length === 0 ? 'all' : new Set(names),
  })
  const used = plan.plugins.map(({ release }) => release.name)
  const unknown = names.filter((name) => name !== 'core' && !used.includes(name))
  if (unknown.length > 0)
    throw new Refused(unknown.map((name) => notUsed(name, file, nearest(name, used))))
  // Without a lock everything is new.
  const changes = beside
    ? lockChanges(beside, lock)
    : Object.entries(lock.plugins).map(([name, { version }]) => `+ ${name} ${version}`)
  const { shown } = await import('../views/shown.ts')
  for (const line of changes) print(`${line}\n`)
  if (beside && changes.length === 0) print('Everything is as new as the selection lets it be.\n')
  const fresh = newCapabilities(beside, lock)
  if (flags.dryRun) {
    if (!flags.quiet) tell(`\n  Nothing was written (--dry-run).\n\n`)
    return 0
  }
  if (fresh.size > 0 && !flags.yes)
    throw new Refused([newCapability(fresh, lock, shown(lockFile), [...names, ...fileWord(file)])])
  const { writeLock } = await import('../lock/index.ts')
  writeLock(lockFile, lockText)
  if (!flags.quiet)
    tell(
      `\n  ${shown(lockFile)} is written.\n  Next: compose build${fileWord(file)
        .map((word) => ` ${word}`)
        .join('')}\n\n`,
    )
  return 0
}

const fileWord = (file: string): readonly string[] => (file === 'selection.yaml' ? [] : [file])

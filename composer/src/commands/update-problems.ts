import type { Problem } from '@bitcartcc/sdk/problem'
import type { LockChange } from '../lock/lock-changes.ts'

/** `compose update` of a plugin that is not in the distribution. */
export const notUsed = (name: string, file: string, near: string | undefined): Problem => ({
  code: 'update/not-used',
  says: `The distribution of ${file} has no plugin named ${name}.`,
  kept: 'The lock is as it was.',
  fix: [near === undefined ? 'See what it has:   compose list' : `Write   compose update ${near}`],
})

/** A newer release can reach more than the one before it. */
export const newCapability = (
  further: readonly LockChange[],
  lockFile: string,
  words: readonly string[],
): Problem => ({
  code: 'update/new-capability',
  says:
    further.length === 1
      ? `${further.map(({ name }) => name).join()} begins to reach further than it did.`
      : `${further.length} plugins begin to reach further than they did.`,
  facts: further.flatMap(({ name, to, capabilities }) =>
    capabilities.added.map((each) => [`${name} ${to ?? ''}`, each]),
  ),
  kept: `${lockFile} is as it was.`,
  fix: [
    'Look at the change of the plugin. If it may do this:',
    `  compose update ${[...words, '--yes'].join(' ')}`,
  ],
})

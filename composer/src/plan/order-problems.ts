import type { MigrationStep } from '@bitcartcc/domain/migration-plan'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Offered, Release } from '../model/release.ts'
import { fact, kept } from './sql-problems.ts'
import type { Edge } from './step-order.ts'
import { pluginOf, type Told } from './told.ts'

/** A file waits for a plugin that may be gone tomorrow, for all its manifest says. */
export const undeclaredOrder = (
  { plugin, other, at }: Told,
  release: Release | undefined,
): Problem => {
  const name = pluginOf(other)
  const range = `{ ${name}: ^${release?.version ?? '1.0.0'} }`
  return {
    code: 'plan/migration-undeclared',
    says: `A migration of ${at.owner} comes after one of ${name}, which ${plugin} does not require.`,
    facts: [fact(at)],
    kept,
    fix: [
      `In plugin.yaml of ${plugin} write under requires   plugins: ${range}   or, where it works without,   optional: ${range}`,
    ],
  }
}

/** A file wants to come before what does not know of it. */
export const beforeOthers = (
  { plugin, other, at }: Told,
  release: Release | undefined,
): Problem => ({
  code: 'plan/migration-before',
  says: release
    ? `A migration of ${at.owner} says that it comes before one of ${release.name}, which does not require ${plugin}.`
    : `A migration of ${at.owner} says that it comes before one of core.`,
  because: [
    release
      ? `What ${release.name} finds when it migrates would change with ${plugin}, and it knows nothing of that.`
      : 'Core’s migrations come first, whatever is selected.',
  ],
  facts: [fact(at)],
  kept,
  fix: release
    ? [
        `Take the line out, or ask the author of ${release.name} to write under requires   optional: { ${plugin}: ^${at.owner.split(' ')[1] ?? ''} }`,
      ]
    : [`Take the line out, or wait for it:   -- after: ${other}`],
})

/** The release that was chosen has no such migration. */
export const missingStep = (
  { way, other, at }: Told,
  {
    newest,
    version,
    holders,
  }: {
    readonly newest: MigrationStep | undefined
    readonly version: string
    readonly holders: readonly Offered[]
  },
): Problem => {
  const name = pluginOf(other)
  const [holder] = holders.toSorted((a, b) => (a.version < b.version ? -1 : 1))
  return {
    code: 'plan/migration-unknown',
    says: `A migration of ${at.owner} says that it comes ${way} ${other}, and ${name} ${version} has no such migration.`,
    facts: [
      fact(at),
      [`${name} ${version}`, newest ? `ends at ${newest.id}` : 'has no migrations'],
      ...holders.map((each) => [`${name} ${each.version}`, `has it, in ${each.source}`]),
    ],
    kept,
    fix: holder
      ? [
          `In plugin.yaml of ${at.owner.split(' ')[0] ?? ''} ask for a release that has it, under requires:   ${name}: ^${holder.version}`,
        ]
      : [`Mend the name in ${at.place}, or select a release of ${name} that has it.`],
  }
}

/** Migrations wait for each other. */
export const orderCircle = (
  circle: readonly Edge[],
  releaseOf: (id: string) => string,
): Problem => ({
  code: 'plan/migration-circle',
  says: `Migrations wait for each other in a circle: ${[...circle.map(({ id }) => id), circle[0]?.id ?? ''].join(', ')}.`,
  facts: circle.map(({ id, after, because }) => [releaseOf(id), id, `after ${after}`, because]),
  kept,
  fix: [
    'Take one of the headers out; or move what both need into a file of its own, before both, that waits for neither.',
  ],
})

/** Two files of one plugin have one number: which of them comes first would be told by their words. */
export const twoHeads = (
  owner: string,
  [first, second]: readonly [string, string],
  next: string,
): Problem => ({
  code: 'plan/migration-number',
  says: `Two migrations of ${owner} have one number.`,
  because: ['Each is to come after the one before it, and these were written beside each other.'],
  facts: [
    [owner, first],
    [owner, second],
  ],
  kept,
  fix: [`Give ${second} the next number that is free, ${next}.`],
})

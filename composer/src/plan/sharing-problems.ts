import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Origin } from '../model/origin.ts'
import type { Selection } from '../model/selection.ts'
import type { Clash } from './merge-rules.ts'
import { kept } from './problems.ts'

/** A plugin adds to a service of another where its owner did not open it. */
export const notOpened = (
  service: string,
  path: string,
  fact: Fact,
  opened: readonly string[],
): Problem => ({
  code: 'plan/not-opened',
  says: `The service ${service} is not open to others at ${path}.`,
  facts: [fact],
  kept,
  fix:
    opened.length === 0
      ? [`Take the line out, or ask the owner of ${service} to open the path in its manifest.`]
      : [`Take the line out. ${service} is open at   ${opened.toSorted().join(', ')}`],
})

/** Two plugins say two things at an opened path, and its rule finds no common one. */
export const patchConflict = (
  service: string,
  { path, sides }: Clash,
  { shownAs }: Selection,
): Problem => ({
  code: 'plan/fragment-conflict',
  says: `services.${service}.${path} is set to different values.`,
  facts: sides.map((side) => [side.by, placeOf(side), JSON.stringify(side.value)]),
  kept,
  fix: [
    `Say which one you want, in ${shownAs}:`,
    '  force:',
    `    services.${service}.${path}: ${forced(sides[0].value)}`,
    `or ask the owner of ${service} for another rule.`,
  ],
})

/** A list or mapping is for the operator to write. */
const forced = (value: unknown) => (typeof value === 'object' ? '…' : JSON.stringify(value))

const placeOf = ({ at, as }: Origin) => at ?? as ?? 'docker-compose.yml'

/** A patch of a service that is not in the distribution. */
export const noSuchService = (name: string, fact: Fact, near: string | undefined): Problem => ({
  code: 'plan/missing-service',
  says: `There is no service ${name} in this distribution.`,
  facts: [fact],
  kept,
  fix: [
    near === undefined
      ? `Select the plugin that brings it, or write   ${name}: optional`
      : `Write   ${near}`,
  ],
})

/** A shared service that core does not have. */
export const unknownNeed = (
  name: string,
  facts: readonly Fact[],
  near: string | undefined,
): Problem => ({
  code: 'plan/unknown-need',
  says: `Core has no shared service named ${name}.`,
  facts,
  kept,
  fix: [
    near === undefined ? 'Bring it in the fragment, as a service of its own.' : `Write   ${near}`,
  ],
})

/** No version of a shared service fits all who need it. */
export const noSharedVersion = (
  name: string,
  facts: readonly Fact[],
  versions: readonly string[],
): Problem => ({
  code: 'plan/no-shared-version',
  says: `No ${name} fits what the plugins need: it is given once, to all of them.`,
  because: [`Core can give ${versions.join(', ')}.`],
  facts,
  kept,
  fix: [
    facts.length > 1
      ? 'Leave one of the plugins out, or bring a service of its own in its fragment.'
      : 'Ask for a range that holds one of these versions.',
  ],
})

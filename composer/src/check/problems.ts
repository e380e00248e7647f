import type { Difference } from '@bitcartcc/domain/schema-differences'
import type { Problem } from '@bitcartcc/sdk/problem'

const kept = 'Nothing was written to dist/.'

/** A statement that the migrator refused, told as what it is while building. */
export const migrationFailed = (problem: Problem, fileOf: (place: string) => string): Problem => ({
  code: 'check/migration-failed',
  says: problem.says,
  facts: (problem.facts ?? []).map(([place = '', ...rest]) => [fileOf(place), ...rest]),
  kept: 'It ran on a throw-away database. Nothing was written to dist/.',
  fix: [
    `Mend the statement in the file named above, or leave ${pluginOf(problem)} out of the selection.`,
  ],
})

const pluginOf = (problem: Problem) => problem.says.split(' ')[0] ?? 'the plugin'

/** Some tables of a shop that is updated are not those of a new one. */
export const upgradeDiffers = (differences: readonly Difference[]): Problem => ({
  code: 'check/upgrade-differs',
  says: 'A shop that is updated would not get the tables that a new one gets.',
  because: [
    'The migrations ran on the database of the distribution before this one, and from empty. What one of them makes depends on what it finds there.',
  ],
  facts: differences.map(({ where, what }) => [where, `updated, ${what}`]),
  kept: 'Both are throw-away databases. Nothing was written to dist/.',
  fix: [
    'Let the migration that makes it say what is to be there: name each column where it says   select *   and take   if not exists   out.',
    'Where a release has shipped it already, mend it in a new migration, which must end at the same from both.',
  ],
})

export const rehearsalTooSlow = (seconds: number, plugins: readonly string[]): Problem => ({
  code: 'check/migration-too-slow',
  says: `The migrations did not end within ${seconds} s on an empty database.`,
  facts: [['plugins', plugins.join(', ')]],
  kept,
  fix: ['Look for a statement without end in the migrations of these plugins.'],
})

export const rehearsalBroke = (output: string, plugins: readonly string[]): Problem => ({
  code: 'check/rehearsal-broke',
  says: 'The embedded PostgreSQL ended in the middle of the migrations.',
  facts: [['plugins', plugins.join(', ')], ...lastLines(output)],
  kept,
  fix: [
    'Look for a statement that needs a lot of memory, or ends its own connection, in the migrations of these plugins.',
    'If there is none, build again with more memory free.',
  ],
})

export interface TypeMistake {
  /** `plugins/ratings/store/StarRating.vue:12` */
  readonly place: string
  readonly line: string
  readonly message: string
}

export const typeError = ({ place, line, message }: TypeMistake, plugin: string): Problem => ({
  code: 'check/type-error',
  says: `${plugin} does not fit this core: the compiler refuses ${place}.`,
  facts: [
    [place, line],
    ['TypeScript', message],
  ],
  kept,
  fix: [`Mend it in ${plugin}, or select another release of it.`],
})

export interface LackingFill {
  readonly plugin: string
  readonly component: string
  readonly place: string
  readonly slot: string
  readonly props: readonly string[]
  readonly given: readonly string[]
}

/** A component asks for a prop that its slot does not give. */
export const slotLacksProp = ({
  plugin,
  component,
  place,
  slot,
  props,
  given,
}: LackingFill): Problem => ({
  code: 'check/slot-lacks-prop',
  says: `${component} of ${plugin} needs ${props.length === 1 ? 'the prop' : 'the props'} ${props.join(', ')}, which the slot ${slot} does not give.`,
  facts: [
    [place, `slot: ${slot}`],
    [slot, given.length === 0 ? 'gives no props' : `gives ${given.join(', ')}`],
  ],
  kept,
  fix: [
    `Put ${component} into a slot that gives ${props.join(', ')}, or make ${props.length === 1 ? 'the prop' : 'the props'} optional.`,
  ],
})

/** What a program says as it ends, without the frames of a stack. */
const lastLines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(at |\^+$|\d+: 0x|-+ |Node\.js v)/.test(line))
    .slice(-6)
    .map((line) => ['it said', line])

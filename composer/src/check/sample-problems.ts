import type { Problem } from '@bitcartcc/sdk/problem'
import type { SampleFailure } from './rehearse.ts'

/** Who brought sample rows, and where; undefined for core. */
export interface SampleOwner {
  /** `ratings 1.0.0` */
  readonly title: string
  readonly folder: string | undefined
}

/** A statement of `sample.sql` does not fit the tables that the migrations lead to. */
export const samplesUnfit = (
  { line, sql, says }: SampleFailure,
  { title, folder = 'core/domain/migrations' }: SampleOwner,
): Problem => ({
  code: 'check/samples-unfit',
  says: `The sample rows of ${title} do not fit its tables.`,
  facts: [
    [`${folder}/sample.sql:${line}`, sql],
    ['PostgreSQL', ...says],
  ],
  kept: 'They ran on a throw-away database. Nothing was written to dist/.',
  fix: [
    'Mend the statement: sample.sql holds rows as the newest migration lets them be, and may change at any time.',
  ],
})

/** The statement works on an empty database, and not on one that was used. */
export const upgradeFailed = (problem: Problem, hasRows: boolean): Problem => ({
  ...problem,
  because: [
    hasRows
      ? 'It ran on the database of the distribution before this one, which holds the rows of sample.sql. A shop that was used holds such rows, too.'
      : 'It ran on the database of the distribution before this one.',
  ],
})

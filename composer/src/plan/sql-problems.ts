import type { Problem } from '@bitcartcc/sdk/problem'

/** Where a statement of a migration begins, and what stands there. */
export interface SqlPlace {
  /** `ratings 1.0.0` */
  readonly owner: string
  /** `migrations/0001_votes.sql:3` */
  readonly place: string
  readonly text: string
}

/** Who, where, what. */
export const fact = ({ owner, place, text }: SqlPlace) => [owner, place, text]
export const kept = 'No database was touched.'

/** PostgreSQL's own parser does not take it. */
export const notSql = (at: SqlPlace, says: string): Problem => ({
  code: 'plan/not-sql',
  says: `A migration of ${at.owner} is not SQL that PostgreSQL reads.`,
  because: [`PostgreSQL says: ${says}.`],
  facts: [fact(at)],
  kept,
  fix: [`Mend ${at.place}.`],
})

/** A statement that no plugin may send. */
export const forbiddenStatement = (at: SqlPlace, what: string, instead: string): Problem => ({
  code: 'plan/forbidden-statement',
  says: `A migration of ${at.owner} holds a statement that no plugin may send: ${what}.`,
  facts: [fact(at)],
  kept,
  fix: [instead],
})

/** Sample rows are data: nothing else may stand in `sample.sql`. */
export const sampleStatement = (at: SqlPlace, what: string): Problem => ({
  code: 'plan/sample-statement',
  says: `The sample rows of ${at.owner} hold a statement that is no INSERT and no UPDATE: ${what}.`,
  facts: [fact(at)],
  kept,
  fix: [
    'Take the statement out: tables are made by migrations, and sample.sql only puts rows into them.',
  ],
})

/** A file says that code of the release before goes on working, and one of its statements breaks that code. */
export const strongerPhase = (at: SqlPlace, told: string, found: string): Problem => ({
  code: 'plan/migration-phase',
  says: `A migration of ${at.owner} says that it is ${told}, and it is ${found}.`,
  because: [
    found === 'contract'
      ? 'Code of the release before does not work once this statement has run, so nobody could go back to it.'
      : 'This statement changes what is stored, and not only what can be stored.',
  ],
  facts: [fact(at)],
  kept,
  fix: [
    `Write   -- tag: ${found}   at the top of the file, or leave the line out.`,
    `If it does no harm, say why:   -- tag: ${told}, because nobody reads that column`,
  ],
})

/** A statement reaches outside of the plugin's own tables. */
export const foreignTable = (
  at: SqlPlace,
  table: string,
  plugin: string,
  isCore: boolean,
): Problem => ({
  code: 'plan/foreign-table',
  says: `A migration of ${at.owner} touches the table ${table}, which is not its own.`,
  facts: [fact(at)],
  kept,
  fix: isCore
    ? [
        `Read core through its views, as core_v1.${table.split('.').at(-1) ?? 'products'}; keep what is your own in a table of ${plugin}.`,
      ]
    : [
        `Keep the data in a table of ${plugin}, named without a schema, or ask the other plugin to change its own.`,
        `It may be read where its plugin lists it under   publishes   in plugin.yaml, and ${plugin} lists that plugin under   requires: { plugins: … }`,
      ],
})

/** A file that is not named like a migration. */
export const badMigrationName = (owner: string, file: string): Problem => ({
  code: 'plan/migration-name',
  says: `${file} of ${owner} is not named like a migration.`,
  facts: [[owner, file]],
  kept,
  fix: [
    /(\.down|\/uninstall)\.sql$/.test(file)
      ? 'Take the file out: nothing would ever run it. Newer migrations that only add are let be when a shop goes back, and what a plugin stored is dropped as a whole.'
      : 'Name it by number and words, like   0002_more_stars.sql',
  ],
})

/** A header line that says something we do not know. */
export const badHeader = (at: SqlPlace, fix: string): Problem => ({
  code: 'plan/migration-header',
  says: `A header of a migration of ${at.owner} says what is not known.`,
  facts: [fact(at)],
  kept,
  fix: [fix],
})

/** What is repeated until it changes no row is more than one statement, or never comes to that end. */
export const notRepeatable = (at: SqlPlace): Problem => ({
  code: 'plan/migration-repeat',
  says: `A migration of ${at.owner} says   -- repeat: true   and cannot be repeated.`,
  because: [
    'It is run again and again until it changes no row: one update, delete or insert … select, with a condition that leaves alone what is done.',
  ],
  facts: [fact(at)],
  kept,
  fix: [
    'Write the one statement so that it takes some of the rows that are left:   update points set level = 1 where id in (select id from points where level is null limit 1000)',
    'Or take the line out: then the file runs once, in one transaction.',
  ],
})

/** Plugins need each other in a circle. */
export const dependencyCircle = (names: readonly string[]): Problem => ({
  code: 'plan/dependency-circle',
  says: `Plugins need each other in a circle: ${[...names, names[0] ?? ''].join(', ')}.`,
  because: ['Their migrations have no order in which each finds what it needs.'],
  kept,
  fix: [
    'Ask the author of one of them to make it   optional   instead of   plugins   under requires.',
    'Or to say, on the first line of a migration of each, which one of the other it waits for:   -- after: NAME/0001_words',
  ],
})

import type { Problem } from '@bitcartcc/sdk/problem'
import type { SqlPlace } from './sql-problems.ts'

interface Words {
  /** What the migration does: `A migration of loyalty 1.1.0 …`. */
  readonly does: string
  readonly because: string
  readonly fix: readonly string[]
}

const inTwo = 'Then, in the next migration:'
const contract =
  'Once no release that may still run needs it, say so at the top of the file:   -- tag: contract'

/** Statements that are right on an empty database and harm one that is in use; named after the rules of squawk. */
const dangers = {
  'plan/adding-required-field': {
    does: 'adds a column that every row must fill, and gives the rows that are there nothing',
    because:
      'A table that holds a row refuses the column, and code of the release before fails to insert.',
    fix: [
      "Give it a default, which is stored once for all rows:   add column level text not null default ''",
      'Or add it without not null, fill it in a migration of its own, and require it in a later one.',
    ],
  },
  'plan/adding-field-with-default': {
    does: 'adds a column with a value of its own for each row',
    because: 'PostgreSQL writes the whole table anew, and nobody reads or writes it meanwhile.',
    fix: [
      'Add the column without a value; in the same file give it the default, which counts for new rows:   alter column token set default gen_random_uuid()',
      'Fill the rows that are there in a migration of its own.',
    ],
  },
  'plan/adding-serial-primary-key-field': {
    does: 'adds a column that numbers the rows that are there',
    because: 'PostgreSQL writes the whole table anew, and nobody reads or writes it meanwhile.',
    fix: [
      'Make a new table that has the column from the beginning, copy the rows in a migration of its own, and read from there.',
    ],
  },
  'plan/adding-not-nullable-field': {
    does: 'requires a value in a column that may be empty until now',
    because:
      'All rows are looked through while nobody reads or writes the table; one empty row, and it fails.',
    fix: [
      'Add a check that holds for new rows only:   add constraint level_there check (level is not null) not valid',
      `${inTwo}   validate constraint level_there`,
      'After that, set not null looks at no row, and the check can go.',
    ],
  },
  'plan/changing-column-type': {
    does: 'changes the type of a column',
    because:
      'The whole table is written anew while nobody reads or writes it, and code of the release before gets another type.',
    fix: [
      'Add a column of the new type, fill it in a migration of its own, read it, and drop the old one in a later release.',
    ],
  },
  'plan/adding-foreign-key-constraint': {
    does: 'adds a foreign key that all rows are held against at once',
    because:
      'Both tables take no writes until every row was looked up; one row that points nowhere, and it fails.',
    fix: [
      'Let it hold for new rows only:   add constraint … foreign key … not valid',
      `${inTwo}   validate constraint …`,
    ],
  },
  'plan/constraint-missing-not-valid': {
    does: 'adds a check that all rows are held against at once',
    because:
      'Nobody reads or writes the table until every row was looked at; one row that breaks it, and it fails.',
    fix: [
      'Let it hold for new rows only:   add constraint … check (…) not valid',
      `${inTwo}   validate constraint …`,
    ],
  },
  'plan/disallowed-unique-constraint': {
    does: 'makes the index of a unique constraint while the table is locked',
    because:
      'Nobody reads or writes the table until the index is there; two rows that are equal, and it fails.',
    fix: [
      'In a file of its own that begins with   -- tx: none   write   create unique index concurrently points_user on points (user_id)',
      `${inTwo}   add constraint points_user unique using index points_user`,
    ],
  },
  'plan/adding-exclusion-constraint': {
    does: 'adds an exclusion constraint to a table that is in use',
    because:
      'Nobody reads or writes the table until its index is there, and PostgreSQL cannot make that one aside.',
    fix: [
      'Make a new table that has the constraint from the beginning, and copy the rows in a migration of its own.',
    ],
  },
  'plan/require-concurrent-index-creation': {
    does: 'makes an index on a table that is in use',
    because: 'The table takes no writes until the index is there.',
    fix: [
      'Put the statement alone into a file that begins with   -- tx: none   and write   create index concurrently',
    ],
  },
  'plan/require-concurrent-index-deletion': {
    does: 'drops an index of a table that is in use',
    because: 'It waits for everybody who reads the table, and whoever comes after waits for it.',
    fix: [
      'Put the statement alone into a file that begins with   -- tx: none   and write   drop index concurrently',
    ],
  },
  'plan/require-concurrent-reindex': {
    does: 'makes an index anew while its table is locked',
    because: 'The table takes no writes until the index is there again.',
    fix: ['Write   reindex index concurrently'],
  },
  'plan/backfill-in-ddl-transaction': {
    does: 'changes a table and its rows in one transaction',
    because:
      'The lock that the change of the table takes is held until all rows are written, and nobody reads meanwhile.',
    fix: ['Put the statement into a file of its own, the next one.'],
  },
  'plan/ban-drop-column': {
    does: 'drops a column that the release before reads',
    because: 'Its code runs until everything has been updated, and nobody could go back to it.',
    fix: ['Stop reading and writing it in this release, and drop it in the next.', contract],
  },
  'plan/ban-drop-table': {
    does: 'drops a table or a view that the release before reads',
    because:
      'Its code runs until everything has been updated, nobody could go back to it, and the rows are gone.',
    fix: ['Stop using it in this release, and drop it in the next.', contract],
  },
  'plan/ban-drop-not-null': {
    does: 'lets a column be empty that the release before expects to be filled',
    because:
      'Its code runs until everything has been updated, and meets rows that it does not know.',
    fix: [
      'Ship code that reads an empty column first, and let it be empty in the next release.',
      contract,
    ],
  },
  'plan/renaming-column': {
    does: 'renames a column that the release before reads by its old name',
    because: 'Its code runs until everything has been updated, and nobody could go back to it.',
    fix: [
      'Add a column with the new name, write both, fill it in a migration of its own, and drop the old one in a later release.',
      contract,
    ],
  },
  'plan/renaming-table': {
    does: 'renames a table that the release before reads by its old name',
    because: 'Its code runs until everything has been updated, and nobody could go back to it.',
    fix: [
      'Make a view with the new name over it:   create view marks as select * from points',
      contract,
    ],
  },
  'plan/renaming-enum-value': {
    does: 'renames a value of a type that the release before writes by its old name',
    because: 'Its code runs until everything has been updated, and fails to write it.',
    fix: ['Add the new value, write that, and leave the old one be.', contract],
  },
  'plan/ban-truncate-cascade': {
    does: 'empties a table and whatever points at it',
    because:
      'Which tables those are is not written there, and a new one joins them without a word.',
    fix: ['Name every table that is to be empty, without cascade.'],
  },
  'plan/identifier-too-long': {
    does: 'uses a name of more than 63 bytes',
    because: 'PostgreSQL cuts it without a word, and two names may become one.',
    fix: ['Shorten it.'],
  },
} as const satisfies Readonly<Record<`plan/${string}`, Words>>

export type Danger = keyof typeof dangers

/** A statement that harms a shop that is in use. */
export function dangerousStatement(danger: Danger, at: SqlPlace): Problem {
  const { does, because, fix }: Words = dangers[danger]
  return {
    code: danger,
    says: `A migration of ${at.owner} ${does}.`,
    because: [because],
    facts: [[at.owner, at.place, at.text]],
    kept: 'No database was touched.',
    fix: [
      ...fix,
      `If it does no harm here, say why, above it:   -- compose-ignore ${ruleOf(danger)}: the table has ten rows at most`,
    ],
  }
}

const ruleOf = (danger: Danger) => danger.slice('plan/'.length)
const rules = Object.keys(dangers).map((code) => code.slice('plan/'.length))

/** The rule that a comment above a statement sets aside, and why; or what is wrong with it. */
export function ignoredBy(
  line: string,
): { readonly rule: string; readonly why: string } | 'wrong' | undefined {
  if (!/^-- compose-ignore\b/.test(line)) return undefined
  const [, rule = '', why = ''] = /^-- compose-ignore ([a-z-]+): (\S.*)$/.exec(line) ?? []
  return rules.includes(rule) && why !== '' ? { rule, why } : 'wrong'
}

/** Says to ignore what is no rule, or does not say why. */
export const badIgnore = (at: SqlPlace): Problem => ({
  code: 'plan/ignore-without-reason',
  says: `A migration of ${at.owner} sets a rule aside, and does not say which one and why.`,
  facts: [[at.owner, at.place, at.text]],
  kept: 'No database was touched.',
  fix: [
    'Write it directly above the statement:   -- compose-ignore ban-drop-column: nobody ever filled it',
  ],
})

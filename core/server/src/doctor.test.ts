import { expect, test } from 'vitest'
import { examinedText } from './doctor.ts'

test('what was found is a line for each difference, and what becomes of it', () => {
  expect(examinedText({ differences: [], notCompared: [], alike: 219 })).toBe(
    'The database is what this distribution expects: 219 tables, columns, indexes and constraints are alike.\n',
  )
  expect(
    examinedText({
      differences: [
        {
          where: 'tips/0002_more',
          what: 'the migration is pending',
          mend: 'node server.js migrate',
        },
        {
          where: 'core.users.mine',
          what: 'the column is none of this distribution',
          mend: 'alter table core.users drop column mine;',
        },
      ],
      notCompared: ['p_tips'],
      alike: 12,
    }),
  ).toBe(`tips/0002_more: the migration is pending. Mend: node server.js migrate
core.users.mine: the column is none of this distribution. Mend: alter table core.users drop column mine;
p_tips was not compared: its migrations are pending.
2 differences. Nothing was changed. Make a backup before you mend.
`)
})

import { expect, test } from 'vitest'
import { examinedText } from './doctor.ts'

test('what was found is a line for each difference, and what becomes of it', () => {
  const newer = [{ plugin: 'tips', applied: '1.1.0', shipped: '1.0.0', ids: ['tips/0002_more'] }]
  expect(examinedText({ differences: [], notCompared: [], newer, alike: 219 })).toBe(
    'This database was migrated by tips 1.1.0, and this distribution has tips 1.0.0: what is newer only adds, and is let be.\nThe database is what this distribution expects: 219 tables, columns, indexes and constraints are alike.\n',
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
      newer: [],
      notCompared: ['p_tips'],
      alike: 12,
    }),
  ).toBe(`tips/0002_more: the migration is pending. Mend: node server.js migrate
core.users.mine: the column is none of this distribution. Mend: alter table core.users drop column mine;
p_tips was not compared: its migrations are pending.
2 differences. Nothing was changed. Make a backup before you mend.
`)
})

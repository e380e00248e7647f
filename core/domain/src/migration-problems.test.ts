import { expect, test } from 'vitest'
import { stepFailed } from './migration-problems.ts'
import { planWith } from './test-support.ts'

test('who mends a step that failed hangs on what PostgreSQL says: a full disk and a held table are no author’s', () => {
  const step = planWith('tips', { '0001_tips': 'create table tips (id text);\n' }).steps.at(-1)
  if (!step) throw new Error('the plan has no step')
  const fixOf = (code: string) =>
    stepFailed(step, 0, Object.assign(new Error('what it says'), { code })).fix
  expect(['53100', '55P03', '42P07'].map(fixOf)).toEqual([
    ['Make room on the disk of the database; then run migrate again: it goes on from here.'],
    ['Stop what uses the database beside it; then run migrate again: it goes on from here.'],
    [
      'Report it to the author of tips, or select another release of it; then run migrate again: it goes on from here.',
    ],
  ])
})

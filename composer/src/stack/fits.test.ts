import { expect, test } from 'vitest'
import type { MigrationPlan } from '@bitcartcc/domain/migration-plan'
import { problemText } from '@bitcartcc/sdk/problem'
import type { LedgerEntry } from './backup-file.ts'
import { misfits } from './fits.ts'

const former: MigrationPlan = {
  format: 1,
  digest: 'sha256-',
  steps: [
    {
      plugin: 'tips',
      id: 'tips/0001_tips',
      release: '1.2.3',
      checksum: 'sha256-1',
      tag: 'expand',
      transaction: true,
      statements: [],
    },
  ],
  owners: [{ plugin: 'tips', schema: 'p_tips', references: [] }],
  removed: [{ plugin: 'loyalty', how: 'drop' }],
}
const ran = (plugin: string, id: string, tag: LedgerEntry['tag']): LedgerEntry => ({
  plugin,
  id: `${plugin}/${id}`,
  checksum: 'sha256-1',
  release: '1.4.0',
  tag,
  state: 'done',
  batch: 1,
})
const first = ran('tips', '0001_tips', 'expand')

test('a distribution fits a database that was only added to since', () => {
  const later = [ran('tips', '0002_more', 'expand'), ran('badges', '0001_badges', 'contract')]
  expect(misfits(former, [first, ...later])).toEqual([])
})

test('a step that took something away, and what would be dropped, are refused with the reason', () => {
  const later = [ran('tips', '0002_less', 'contract'), ran('loyalty', '0001_points', 'expand')]
  expect(
    misfits(former, [first, ...later])
      .map(problemText)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "✗ This database was migrated by tips 1.4.0, and this distribution has tips
      1.2.3.

        tips/0002_less   contract

      The database was not changed.

      Fix: Build with tips 1.4.0 or newer, or restore a backup from before the update.

      More: compose explain migrate/future

    ✗ The former distribution says removed: { loyalty: drop } and would drop what
      loyalty has stored since.

      Nothing was changed.

      Fix: Build it again with   removed: { loyalty: keep }   and name its folder with --to.

      More: compose explain stack/would-drop
    "
  `)
})

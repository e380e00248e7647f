import { expect, test } from 'vitest'
import { problemText } from '@bitcartcc/sdk/problem'
import { roomFolder } from '../house.ts'
import { readMigrations } from '../read/migrations.ts'
import { isMigrationName, readStep } from './migration-step.ts'
import { examineNew } from './new-migrations.ts'

test('core’s own migrations keep the rules that those of plugins are held to, each as an update of those before it', async () => {
  const files = readMigrations('core', roomFolder('domain'), 'migrations')
  const found: string[] = []
  for (const file of files) {
    const { read, problems } = await readStep(file, 'core', '1.0.0', new Map())
    found.push(...[...problems, ...examineNew([read]).problems].map(problemText))
  }
  expect(found).toEqual([])
  expect(files.filter(({ id }) => !isMigrationName(id))).toEqual([])
  expect(files.length).toBeGreaterThan(5)
})

test('core’s schemas are its own as a plugin’s is, and no others', async () => {
  const text =
    'create schema core_v2;\ncreate table p_tips.marks (id text);\ndrop table core.users;\n'
  const file = { plugin: 'core', id: 'core/9999_more', file: '9999_more.sql', text, checksum: '' }
  const { read, problems } = await readStep(file, 'core', '1.0.0', new Map())
  expect([...problems, ...examineNew([read]).problems].map(({ says }) => says)).toEqual([
    'A migration of core holds a statement that no plugin may send: CREATE SCHEMA.',
    'A migration of core touches the table p_tips.marks, which is not its own.',
    'A migration of core drops a table or a view that the release before reads.',
  ])
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { openDatabase } from './database.ts'
import type { MigrationPlan } from './migration-plan.ts'
import { checkReady, migrate, pending, planText } from './migrator.ts'
import { corePlan, databases, planWith, type TestDatabase } from './test-support.ts'

describe.each(databases)('on $name', { timeout: 60_000 }, ({ open }) => {
  let at: TestDatabase
  beforeAll(async () => {
    at = await open()
  }, 120_000)
  afterAll(() => at.close())

  const problemsOf = async (run: Promise<unknown>): Promise<readonly Problem[]> => {
    const error: unknown = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error instanceof Refused) return error.problems
    throw error ?? new Error('nothing was refused')
  }
  const rows = async (query: string) =>
    (await at.database.pool.query<Record<string, unknown>>(query)).rows

  test('a new database is brought to the plan once', async () => {
    expect(await checkReady(at.database.pool, corePlan())).toMatchObject([
      {
        code: 'migrate/pending',
        facts: [
          ['core/0001_core', 'core 1.0.0'],
          ['core/0002_views', 'core 1.0.0'],
          ['core/0003_payments', 'core 1.0.0'],
          ['core/0004_paid_by_hand', 'core 1.0.0'],
          ['core/0005_payment_requests', 'core 1.0.0'],
          ['core/0006_webhooks', 'core 1.0.0'],
          ['core/0007_audit', 'core 1.0.0'],
          ['core/0008_rates', 'core 1.0.0'],
          ['core/0009_members', 'core 1.0.0'],
          ['core/0010_notices', 'core 1.0.0'],
        ],
      },
    ])
    expect(await migrate(at.database.pool, corePlan())).toEqual([
      'core/0001_core',
      'core/0002_views',
      'core/0003_payments',
      'core/0004_paid_by_hand',
      'core/0005_payment_requests',
      'core/0006_webhooks',
      'core/0007_audit',
      'core/0008_rates',
      'core/0009_members',
      'core/0010_notices',
    ])
    expect(await migrate(at.database.pool, corePlan())).toEqual([])
    expect(await checkReady(at.database.pool, corePlan())).toEqual([])
  })

  test('a step that fails leaves nothing behind and says where', async () => {
    const broken = planWith('tips', {
      '0001_tips': 'create table tips (id text primary key);\n',
      '0002_more':
        '-- tag: expand\n\ncreate table more (id text);\n\ninsert into tips (id, nothing)\n  values (1, 2);\n',
      '0003_last': 'create table last (id text);\n',
    })
    expect(await problemsOf(migrate(at.database.pool, broken))).toEqual([
      {
        code: 'migrate/step-failed',
        says: 'tips 1.0.0 cannot migrate: PostgreSQL refuses a statement of tips/0002_more.',
        facts: [
          ['migrations/tips/0002_more.sql:5', 'insert into tips (id, nothing)\n  values (1, 2);'],
          ['PostgreSQL', 'column "nothing" of relation "tips" does not exist'],
        ],
        kept: 'Nothing of this migration was kept; those before it stay, those after it did not run.',
        fix: [
          'Report it to the author of tips, or select another release of it; then run migrate again: it goes on from here.',
        ],
      },
    ])
    expect(await rows(`select tablename from pg_tables where schemaname = 'p_tips'`)).toEqual([
      { tablename: 'tips' },
    ])
    expect(
      await rows(
        `select id, state, statement from compose.ledger where plugin = 'tips' order by id`,
      ),
    ).toEqual([
      { id: 'tips/0001_tips', state: 'done', statement: null },
      { id: 'tips/0002_more', state: 'failed', statement: 1 },
    ])
    expect((await pending(at.database.pool, broken)).map((step) => step.id)).toEqual([
      'tips/0002_more',
      'tips/0003_last',
    ])
  })

  test('a migrator killed in the middle of a step is followed by one that goes on', async () => {
    const files = {
      '0001_one': 'create table one (id text);\n',
      '0002_two':
        'create table two (id text);\nselect 1 as "die here";\ncreate table three (id text);\n',
    }
    if (at.url === undefined) await at.database.close()
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, 'test-child.ts'),
        'migrate',
        at.dataDir,
        'killed',
        JSON.stringify(files),
        at.url ?? '',
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    )
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    if (at.url === undefined) {
      const database = await openDatabase({
        dataDir: at.dataDir,
        embedded: () => import('./embedded.ts'),
      })
      at = { ...at, database, close: database.close }
    }

    expect(await migrate(at.database.pool, planWith('killed', files))).toEqual(['killed/0002_two'])
    expect(
      await rows(`select tablename from pg_tables where schemaname = 'p_killed' order by 1`),
    ).toEqual([{ tablename: 'one' }, { tablename: 'three' }, { tablename: 'two' }])
  })

  test('a step outside of a transaction that was cut off is tried again, or found done', async () => {
    const alone = (files: Readonly<Record<string, string>>): MigrationPlan => {
      const plan = planWith('alone', files)
      return {
        ...plan,
        steps: plan.steps.map((step) =>
          step.id === 'alone/0002_index' ? { ...step, transaction: false } : step,
        ),
      }
    }
    const plan = alone({
      '0001_one': 'create table one (id text);\n',
      '0002_index': 'create index concurrently one_id on one (id);\n',
    })
    await migrate(at.database.pool, plan)
    const state = () => rows(`select state from compose.ledger where id = 'alone/0002_index'`)
    const cutOff = `update compose.ledger set state = 'running' where id = 'alone/0002_index'`
    await rows(cutOff)
    expect(await migrate(at.database.pool, plan)).toEqual(['alone/0002_index'])
    expect(await state()).toEqual([{ state: 'done' }])
    await rows(cutOff)
    await rows('drop index p_alone.one_id')
    expect(await migrate(at.database.pool, plan)).toEqual(['alone/0002_index'])
    // What was not cut off is not taken for done.
    await rows(`update compose.ledger set state = 'failed' where id = 'alone/0002_index'`)
    expect((await problemsOf(migrate(at.database.pool, plan)))[0]?.facts?.[1]).toEqual([
      'PostgreSQL',
      'relation "one_id" already exists',
    ])
  })

  test('the statements of a plugin reach core’s views and published columns, and no more', async () => {
    const reads = planWith('reader', {
      '0001_ok':
        'create table notes (product_id text references core.products (id));\ncreate view shop as\n  select name from core_v1.stores;\n',
    })
    expect(await migrate(at.database.pool, reads)).toEqual(['reader/0001_ok'])
    const denied = async (plugin: string, statement: string) =>
      (
        await problemsOf(
          migrate(at.database.pool, planWith(plugin, { '0001_no': `${statement}\n` })),
        )
      )[0]?.facts?.[1]
    expect(await denied('thief', 'create table copy as select * from core.users;')).toEqual([
      'PostgreSQL',
      'permission denied for table users',
    ])
    expect(await denied('vandal', 'drop table p_reader.notes;')).toEqual([
      'PostgreSQL',
      expect.stringMatching('permission denied for schema p_reader'),
    ])
  })

  test('an applied file that changed, vanished or came late is refused before anything runs', async () => {
    const first = {
      '0001_a': 'create table a (id text);\n',
      '0003_c': 'create table c (id text);\n',
    }
    await migrate(at.database.pool, planWith('drifter', first))
    const codes = async (files: Record<string, string>) =>
      (await problemsOf(migrate(at.database.pool, planWith('drifter', files)))).map(
        (problem) => problem.code,
      )
    expect(await codes({ ...first, '0001_a': 'create table a (id integer);\n' })).toEqual([
      'migrate/drift',
    ])
    expect(await codes({ '0003_c': first['0003_c'] })).toEqual(['migrate/missing'])
    expect(
      await codes({
        '0001_a': first['0001_a'],
        '0002_b': 'create table b (id text);\n',
        '0003_c': first['0003_c'],
      }),
    ).toEqual(['migrate/out-of-order'])
  })

  test('a plugin that leaves keeps its tables, and goes on where it was when it comes back', async () => {
    const files = { '0001_a': 'create table a (id text);\n' }
    await migrate(at.database.pool, planWith('guest', files))
    const state = () => rows(`select state from compose.ledger where plugin = 'guest'`)
    expect(await migrate(at.database.pool, corePlan())).toEqual([])
    expect(await state()).toEqual([{ state: 'orphaned' }])
    expect(
      await migrate(
        at.database.pool,
        planWith('guest', { ...files, '0002_b': 'create table b (id text);\n' }),
      ),
    ).toEqual(['guest/0002_b'])
    expect(await state()).toEqual([{ state: 'done' }, { state: 'done' }])
  })

  test('of two migrators at once one waits, and finds the work done', async ({ skip }) => {
    if (at.url === undefined) skip('the embedded database has one connection')
    const plan = planWith('twice', { '0001_a': 'create table a (id text);\n' })
    const other = await openDatabase({ url: at.url, dataDir: at.dataDir })
    const applied = await Promise.all([migrate(at.database.pool, plan), migrate(other.pool, plan)])
    await other.close()
    expect(applied.toSorted((left, right) => left.length - right.length)).toEqual([
      [],
      ['twice/0001_a'],
    ])
  })
})

test('what is pending is shown as the SQL that would run', () => {
  const step = planWith('tips', {
    '0001_tips': 'create table tips (id text);\ncreate index tips_id on tips (id);\n',
  }).steps.at(-1)
  expect(planText(step ? [step] : [])).toBe(
    '-- tips/0001_tips (tips 1.0.0, expand)\ncreate table tips (id text);\ncreate index tips_id on tips (id);\n',
  )
})

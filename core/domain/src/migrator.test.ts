import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problemText, Refused, type Problem } from '@bitcartcc/sdk/problem'
import { openDatabase } from './database.ts'
import type { MigrationPlan } from './migration-plan.ts'
import { checkReady, migrate, pending, planText } from './migrator.ts'
import { corePlan, databases, planWith, type TestDatabase } from './test-support.ts'

const textOf = (problems: readonly Problem[]) => problems.map(problemText).join('\n')

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
    const plan = corePlan()
    const begun = { ...plan, steps: plan.steps.slice(0, 2) }
    expect(textOf(await checkReady(at.database.pool, begun))).toMatchInlineSnapshot(`
      "✗ 2 migrations are pending on this database.

          core/0001_core    core 1.0.0
          core/0002_views   core 1.0.0

        Nothing was started.

        Fix: Run   node server.js migrate

        More: compose explain migrate/pending
      "
    `)
    expect(await migrate(at.database.pool, plan)).toEqual(plan.steps.map(({ id }) => id))
    expect(await migrate(at.database.pool, corePlan())).toEqual([])
    expect(await checkReady(at.database.pool, corePlan())).toEqual([])
  })

  test('a queue that an older distribution made gives up a worker that says nothing as soon as a new one', async () => {
    const waits = () => rows('select name, heartbeat_seconds from jobs.queue order by name')
    const fresh = await waits()
    await at.database.pool.query('update jobs.queue set heartbeat_seconds = null')
    await migrate(at.database.pool, corePlan())
    expect(await waits()).toEqual(fresh)
    expect(fresh).toContainEqual({ name: 'jobs', heartbeat_seconds: 20 })
  })

  test('a step that fails leaves nothing behind and says where', async () => {
    const broken = planWith('tips', {
      '0001_tips': 'create table tips (id text primary key);\n',
      '0002_more':
        '-- tag: expand\n\ncreate table more (id text);\n\ninsert into tips (id, nothing)\n  values (1, 2);\n',
      '0003_last': 'create table last (id text);\n',
    })
    expect(textOf(await problemsOf(migrate(at.database.pool, broken)))).toMatchInlineSnapshot(`
      "✗ tips 1.0.0 cannot migrate: PostgreSQL refuses a statement of tips/0002_more.

          migrations/tips/0002_more.sql:5   insert into tips (id, nothing)   values (1, 2);
          PostgreSQL                        column "nothing" of relation "tips" does not exist

        Nothing of this migration was kept; those before it stay, those after it did
        not run.

        Fix: Report it to the author of tips, or select another release of it; then run migrate again: it goes on from here.

        More: compose explain migrate/step-failed
      "
    `)
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

  test('a statement that is repeated changes a few rows at a time, and goes on from where it failed', async () => {
    const plan = repeating('filler', 'filler/0002_fill', {
      '0001_rows':
        'create table rows (id int primary key, share int);\ninsert into rows (id) values (0), (1), (2), (3), (4);\n',
      '0002_fill':
        'update rows set share = 12 / id where id in (select id from rows where share is null order by id desc limit 2);\n',
    })
    const shares = () => rows('select id, share from p_filler.rows order by id desc')
    expect(await problemsOf(migrate(at.database.pool, plan))).toMatchObject([
      {
        facts: [
          [expect.anything(), expect.anything()],
          ['PostgreSQL', 'division by zero'],
        ],
        kept: 'The rows it had changed stay changed; the migrations before it stay, those after it did not run.',
      },
    ])
    const done = [
      { id: 4, share: 3 },
      { id: 3, share: 4 },
      { id: 2, share: 6 },
      { id: 1, share: 12 },
    ]
    expect(await shares()).toEqual([...done, { id: 0, share: null }])
    // Each pair in a transaction of its own.
    expect(
      await rows('select count(distinct xmin::text)::int from p_filler.rows where id > 0'),
    ).toEqual([{ count: 2 }])
    await rows('delete from p_filler.rows where id = 0')
    expect(await migrate(at.database.pool, plan)).toEqual(['filler/0002_fill'])
    expect(await shares()).toEqual(done)
    expect(await migrate(at.database.pool, plan)).toEqual([])
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
    // The composer's parser refuses each of these as well; a view over what may not be read is refused by it alone.
    const statements = {
      'drop table p_reader.notes': 'permission denied for schema p_reader',
      'drop table core.users': 'must be owner of',
      'alter table core.users add column mine int': 'must be owner of',
      "comment on table core.users is 'mine'": 'must be owner of',
      'create index on core.users (id)': 'must be owner of',
      'create rule mine as on insert to core.users do nothing': 'must be owner of',
      'create policy mine on core.users': 'must be owner of',
      "insert into core.users (id) values ('mine')": 'permission denied for table users',
      'create table mine (id text references core.files (id))': 'permission denied for table files',
      'create table public.mine (id int)': 'permission denied for schema public',
      'create schema mine': 'permission denied for database',
      'create role mine': 'permission denied to create role',
      'create extension hstore': 'extension "hstore"',
      "copy core.users to program 'cat'": 'external program',
    }
    for (const [statement, says] of Object.entries(statements))
      expect((await denied('vandal', `${statement};`))?.[1], statement).toMatch(says)
  })

  test('plugins that need each other half-way reach what the other has published by then, and no more', async () => {
    const one = planWith('giver', {
      '0001_a': 'create table balances (id text primary key, hidden text);\n',
      '0002_b': 'create table other (id text references p_taker.points (id));\n',
    })
    const two = planWith('taker', {
      '0001_a':
        'create table points (id text primary key references p_giver.balances (id));\ncreate table copies as\n  select id from p_giver.balances;\n',
    })
    const [first, second] = one.steps.filter(({ plugin }) => plugin === 'giver')
    const third = two.steps.filter(({ plugin }) => plugin === 'taker')
    if (!first || !second) throw new Error('the plan lost its steps')
    const reads = (tables: readonly string[]): MigrationPlan => ({
      ...corePlan(),
      steps: [...corePlan().steps, first, ...third, second],
      owners: [
        ...corePlan().owners,
        { plugin: 'giver', schema: 'p_giver', references: ['balances(id)'] },
        { plugin: 'taker', schema: 'p_taker', references: ['points(id)'], reads: tables },
      ],
    })
    expect((await problemsOf(migrate(at.database.pool, reads([]))))[0]?.facts?.[1]).toEqual([
      'PostgreSQL',
      'permission denied for table balances',
    ])
    expect(await migrate(at.database.pool, reads(['p_giver.balances']))).toEqual([
      'taker/0001_a',
      'giver/0002_b',
    ])
  })

  test('an applied file that changed, vanished or came late is refused before anything runs', async () => {
    const first = {
      '0001_a': 'create table a (id text);\n',
      '0003_c': 'create table c (id text);\n',
    }
    await migrate(at.database.pool, planWith('drifter', first))
    const told = async (files: Record<string, string>) =>
      textOf(await problemsOf(migrate(at.database.pool, planWith('drifter', files))))
    expect(await told({ ...first, '0001_a': 'create table a (id integer);\n' }))
      .toMatchInlineSnapshot(`
      "✗ drifter/0001_a was changed after this database had applied it.

          applied                         drifter 1.0.0   sha256-mKr2wfG9ge2JRrz8a6NvAOeJLWW3jg3ruiqM0FoRBdg=
          migrations/drifter/0001_a.sql   drifter 1.0.0   sha256-w1QJDhWvnLFa3i8djeGOmH3GldvW62JjWUA4c1nnwpM=

        The database was not changed.

        Fix: Build with a release of drifter that has the applied file unchanged; a further change goes into a new migration.

        More: compose explain migrate/drift
      "
    `)
    expect(await told({ '0003_c': first['0003_c'] })).toMatchInlineSnapshot(`
      "✗ This database has migrations of drifter that this distribution does not ship.

          drifter/0001_a   applied by drifter 1.0.0
          newest shipped   drifter/0003_c of drifter 1.0.0

        The database was not changed.

        Fix: Build with a release of drifter that ships them.

        More: compose explain migrate/missing
      "
    `)
    expect(
      await told({
        '0001_a': first['0001_a'],
        '0002_b': 'create table b (id text);\n',
        '0003_c': first['0003_c'],
      }),
    ).toMatchInlineSnapshot(`
      "✗ drifter ships a migration that stands before one this database has applied.

          migrations/drifter/0002_b.sql   not applied
          migrations/drifter/0003_c.sql   applied

        The database was not changed.

        Fix: In drifter, give the new migration the next free number.

        More: compose explain migrate/out-of-order
      "
    `)
    const before = planWith('drifter', { '0001_a': first['0001_a'] })
    const said: unknown[] = []
    const log = { info() {}, warn: (...words: readonly unknown[]) => void said.push(words) }
    expect(await migrate(at.database.pool, before, { log })).toEqual([])
    expect(await checkReady(at.database.pool, before, log)).toEqual([])
    const newer = [
      'This database was migrated by drifter 1.0.0, and this distribution has drifter 1.0.0: what is newer only adds, and is let be.',
      { migrations: ['drifter/0003_c'] },
    ]
    expect(said).toEqual([newer, newer])
    await rows(`update compose.ledger set tag = 'contract' where id = 'drifter/0003_c'`)
    expect(await told({ '0001_a': first['0001_a'] })).toMatchInlineSnapshot(`
      "✗ This database was migrated by drifter 1.0.0, and this distribution has drifter
        1.0.0.

          drifter/0003_c   contract

        The database was not changed.

        Fix: Build with drifter 1.0.0 or newer, or restore a backup from before the update.

        More: compose explain migrate/future
      "
    `)
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

const repeating = (
  plugin: string,
  id: string,
  files: Readonly<Record<string, string>>,
): MigrationPlan => {
  const plan = planWith(plugin, files)
  return {
    ...plan,
    steps: plan.steps.map((step) => (step.id === id ? { ...step, repeat: true as const } : step)),
  }
}

test('what is pending is shown as the SQL that would run', () => {
  const step = planWith('tips', {
    '0001_tips': 'create table tips (id text);\ncreate index tips_id on tips (id);\n',
  }).steps.at(-1)
  expect(planText(step ? [step] : [])).toBe(
    '-- tips/0001_tips (tips 1.0.0, expand, in p_tips)\ncreate table tips (id text);\ncreate index tips_id on tips (id);\n',
  )
  const locking = step && {
    ...step,
    statements: [{ sql: 'alter table tips drop column id', line: 1, lock: 'access exclusive' }],
  }
  expect(planText(locking ? [locking] : [])).toBe(
    '-- tips/0001_tips (tips 1.0.0, expand, in p_tips)\n-- locks access exclusive\nalter table tips drop column id;\n',
  )
  const fill = repeating('tips', 'tips/0001_fill', {
    '0001_fill': 'delete from tips where id in (select id from tips limit 1000);\n',
  }).steps.at(-1)
  expect(planText(fill ? [fill] : []).split('\n')[0]).toBe(
    '-- tips/0001_fill (tips 1.0.0, expand, in p_tips, again and again until it changes no row)',
  )
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problemText, Refused, type Problem } from '@bitcartcc/sdk/problem'
import { absentPlugins, absentText } from './absent-plugins.ts'
import { examine } from './examine.ts'
import { importFile } from './import-file.ts'
import type { MigrationPlan, Removal } from './migration-plan.ts'
import { migrate, pending } from './migrator.ts'
import { readSchema } from './schema-objects.ts'
import { corePlan, databases, planWith, silent, type TestDatabase } from './test-support.ts'

const tips = `create type mood as enum ('good', 'bad');
create table givers (id bigint generated always as identity primary key, name text not null unique);
create table tips (
  id bigint generated always as identity primary key,
  giver_id bigint not null references givers (id),
  product_id text not null references core.products (id),
  store_id text references core.stores (id) on delete set null,
  amount numeric(30, 10) not null,
  mood mood,
  tags text[] not null default '{}',
  facts jsonb,
  seal bytea,
  at timestamptz,
  double_amount numeric generated always as (amount * 2) stored
);
create view given as select sum(amount) as amount from tips;
create view open_tips with (security_barrier=true) as select t.id, p.name from tips t join core_v1.products p on p.id = t.product_id;
create view "named ones" as select count(*) as many from open_tips;
`
const files = { '0001_tips': tips }
const rows = `insert into p_tips.givers (name) values ('Ada'), ('Bob'), ('Zoë “the”\u2028\r 1st');
delete from p_tips.givers where name = 'Bob';
insert into p_tips.tips (giver_id, product_id, store_id, amount, mood, tags, facts, seal, at) values
  (1, 'mug', 'shop', 12345678901234567890.0123456789, 'good', '{a,"b,c"}', '{"n": 12345678901234567890, "z": null}', '\\x00ff', '2026-01-01 12:00:00.123456+02'),
  (3, 'mug', null, 0, null, '{}', null, null, null);`

const removing = (how: Removal['how'], plan: MigrationPlan = corePlan()): MigrationPlan => ({
  ...plan,
  removed: [{ plugin: 'tips', how }],
})

/** The whole text of a refusal, paths in this folder as from there. */
const refusalOf = (run: Promise<unknown>, folder = ''): Promise<string> =>
  run.then(
    () => 'nothing was refused',
    (error: unknown) => {
      if (!(error instanceof Refused)) throw error
      const problems = JSON.parse(
        JSON.stringify(error.problems).replaceAll(`${folder}/`, folder === '' ? '/' : ''),
      ) as Problem[] // a problem is data
      return problems.map(problemText).join('\n')
    },
  )

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')

describe.each(databases)('on $name', { timeout: 60_000 }, ({ open }) => {
  let at: TestDatabase
  const exportsFolder = mkdtempSync(join(tmpdir(), 'bitcartcc-exports-'))
  beforeAll(async () => {
    at = await open()
    await migrate(at.database.pool, planWith('tips', files))
    await query(`insert into core.stores (id, name, currency) values ('shop', 'Shop', 'EUR');
      insert into core.products (id, store_id, name, price) values ('mug', 'shop', 'Mug', 1), ('tea', 'shop', 'Tea', 2);
      insert into core.settings (plugin, key, value, is_secret) values ('tips', 'minimum', '5', false);
      insert into core.store_settings (store_id, plugin, key, value, is_secret) values ('shop', 'tips', 'minimum', '7', false), ('shop', 'core', 'invoiceMinutes', '9', false);
      insert into core.store_metadata (record_id, namespace, value) values ('shop', 'tips', '{"jar": 1}'), ('shop', 'merchant', '{"region": "north"}');
      insert into core.payment_accounts (store_id, method, sealed) values ('shop', 'tips.jar', 'sealed'), ('shop', 'tipsy.jar', 'other');
      insert into jobs.job (name, singleton_key, data) values ('jobs', 'tips/count', '{"plugin": "tips", "job": "count"}'), ('events', null, '{"plugin": "tipsy", "event": "tips"}');
      ${rows}`)
  }, 120_000)
  afterAll(async () => {
    await at.close()
    rmSync(exportsFolder, { recursive: true })
  })

  async function query(sql: string): Promise<readonly Record<string, unknown>[]> {
    const result = await at.database.pool.query<Record<string, unknown>>(sql)
    return result.rows
  }
  const run = (plan: MigrationPlan) =>
    migrate(at.database.pool, plan, { log: silent, exportsFolder })
  const stored = async () => [
    await query('select * from p_tips.givers order by id'),
    await query(
      'select t.*, amount::text as text, facts::text as facts_text from p_tips.tips t order by id',
    ),
  ]
  /** Whose jobs a worker would take now. */
  const due = () =>
    query(
      `select data ->> 'plugin' as plugin from jobs.job where start_after <= now() and keep_until > now() order by 1`,
    )
  const accounts = () => query('select method, sealed from core.payment_accounts order by 1')
  /** What stores have of plugins: settings and metadata. */
  const ofStores = () =>
    query(
      `select plugin, value from core.store_settings union all select namespace, value::text from core.store_metadata order by 1, 2`,
    )
  const others = [
    { plugin: 'core', value: '9' },
    { plugin: 'merchant', value: '{"region": "north"}' },
  ]
  const states = () =>
    query(`select id, state from compose.ledger where plugin = 'tips' order by id`)

  test('a kept plugin is named, and its keys stop no delete of core; back, it goes on where it was', async () => {
    const before = await stored()
    const schema = await readSchema(at.database.pool)
    await run(removing('keep'))
    expect(absentText(await absentPlugins(at.database.pool, removing('keep')))).toBe(
      '-- tips is not in this distribution; what it stored is kept:\n--   p_tips.givers   2 rows\n--   p_tips.tips   2 rows\n--   settings   2\n--   payment accounts   1\n--   metadata   of 1 record\n--   jobs   1, they wait for it\n',
    )
    expect(await states()).toEqual([{ id: 'tips/0001_tips', state: 'orphaned' }])
    await query(`begin; delete from core.products where id = 'mug'; rollback`)
    await query('begin; drop view core_v1.products; rollback')
    expect(await due()).toEqual([{ plugin: 'tipsy' }])

    expect(
      await run(planWith('tips', { ...files, '0002_more': 'create table more (id text);\n' })),
    ).toEqual(['tips/0002_more'])
    expect(await stored()).toEqual(before)
    expect(await due()).toEqual([{ plugin: 'tips' }, { plugin: 'tipsy' }])
    expect((await readSchema(at.database.pool)).filter(({ table }) => table !== 'more')).toEqual(
      schema,
    )
    await expect(query(`delete from core.products where id = 'mug'`)).rejects.toThrow(
      'tips_product_id_fkey',
    )
  })

  test('where core deleted what a kept row points at, its key comes back for new rows, and doctor says so', async () => {
    const plan = planWith('tips', { ...files, '0002_more': 'create table more (id text);\n' })
    const schema = await readSchema(at.database.pool)
    await run(removing('keep'))
    await query(`delete from core.products where id = 'mug'`)
    await run(plan)
    expect((await examine(at.database.pool, plan, schema)).differences).toEqual([
      {
        where: 'p_tips.tips.tips_product_id_fkey',
        what: 'the constraint is   FOREIGN KEY (product_id) REFERENCES core.products(id) NOT VALID   and not   FOREIGN KEY (product_id) REFERENCES core.products(id)',
        mend: 'alter table p_tips.tips validate constraint tips_product_id_fkey;',
      },
    ])
  })

  test('export writes all there was before it is dropped, and import takes it back, for newer migrations to go on from', async () => {
    const before = await stored()
    expect(await pending(at.database.pool, removing('export'))).toEqual([])
    expect(absentText(await absentPlugins(at.database.pool, removing('export'))))
      .toBe(`-- tips is not in this distribution; what it stored will be written to DATA_DIR/exports, and dropped:
--   p_tips.givers   2 rows
--   p_tips.more   0 rows
--   p_tips.tips   2 rows
--   settings   2
--   payment accounts   1
--   metadata   of 1 record
--   jobs   1, dropped, and not in the file
--   stays: the role p_tips, which may do nothing here; invoices and payments; permissions of users
drop schema p_tips cascade;
`)
    await run(removing('export'))
    expect(await accounts()).toEqual([{ method: 'tipsy.jar', sealed: 'other' }])
    expect(await ofStores()).toEqual(others)
    expect(await due()).toEqual([{ plugin: 'tipsy' }])
    expect(await query(`select nspname from pg_namespace where nspname = 'p_tips'`)).toEqual([])
    expect(await states()).toEqual([
      { id: 'tips/0001_tips', state: 'dropped' },
      { id: 'tips/0002_more', state: 'dropped' },
    ])
    expect(readdirSync(exportsFolder)).toEqual(['tips-0001.jsonl'])
    expect(await absentPlugins(at.database.pool, removing('export'))).toEqual([])
    expect(await query(`select count(*)::int from core.settings where plugin = 'tips'`)).toEqual([
      { count: 0 },
    ])

    const file = join(exportsFolder, 'tips-0001.jsonl')
    const more = { ...files, '0002_more': 'create table more (id text);\n' }
    const newer = planWith('tips', {
      ...more,
      '0003_doubled': 'update tips set amount = amount * 2;\n',
    })
    const cut = join(exportsFolder, 'cut.jsonl')
    writeFileSync(cut, readFileSync(file, 'utf8').replace('Ada', 'Eve'))
    const other = join(exportsFolder, 'other.jsonl')
    writeFileSync(other, 'mug;5\n')
    const refused = (plan: MigrationPlan, path = file) =>
      refusalOf(importFile(at.database.pool, plan, path, { log: silent }), exportsFolder)
    expect(await refused(newer, cut)).toMatchInlineSnapshot(`
      "✗ cut.jsonl is no export of a plugin: it was cut off or changed.

        Nothing was put into the database.

        Fix: Name a file that removed: export wrote to DATA_DIR/exports, as it was written.

        More: compose explain import/not-an-export
      "
    `)
    expect(oneLine(await refused(newer, other))).toContain('it does not begin like one.')
    expect(oneLine(await refused(newer, 'none.jsonl'))).toContain('there is no such file.')
    expect(oneLine(await refused(corePlan()))).toContain('tips is not in this distribution')
    expect(await refused(planWith('tips', files))).toMatchInlineSnapshot(`
      "✗ tips-0001.jsonl was written by tips 1.0.0, with migrations that this
        distribution does not ship.

          tips-0001.jsonl   tips/0002_more

        Nothing was put into the database.

        Fix: Build with tips 1.0.0 or a release that came after it.

        More: compose explain import/other-steps
      "
    `)

    expect(await importFile(at.database.pool, newer, file, { log: silent })).toEqual({
      plugin: 'tips',
      rows: 4,
      applied: ['tips/0001_tips', 'tips/0002_more'],
    })
    expect(await stored()).toEqual(before)
    expect(oneLine(await refused(newer))).toContain('p_tips.givers holds rows already')
    expect(await query(`insert into p_tips.givers (name) values ('Cleo') returning id`)).toEqual([
      { id: '4' },
    ])
    expect(await run(newer)).toEqual(['tips/0003_doubled'])
    expect(await query(`select amount::text from p_tips.tips where id = 1`)).toEqual([
      { amount: '24691357802469135780.0246913578' },
    ])
    expect(await query(`select value from core.settings where plugin = 'tips'`)).toEqual([
      { value: '5' },
    ])
    expect(await accounts()).toEqual([
      { method: 'tips.jar', sealed: 'sealed' },
      { method: 'tipsy.jar', sealed: 'other' },
    ])
    expect(await ofStores()).toEqual([
      ...others,
      { plugin: 'tips', value: '7' },
      { plugin: 'tips', value: '{"jar": 1}' },
    ])
  })

  test('what another plugin points at is not dropped', async () => {
    const both = planWith('guests', {
      '0001_guests': 'create table guests (id text primary key);\n',
    })
    await run(both)
    await query('create table p_guests.marks (giver bigint references p_tips.givers (id))')
    expect(await refusalOf(run(removing('drop', both))))
      .toBe(`✗ The tables of tips are to be dropped, and others of this distribution point at
  them.

    p_guests.marks (marks_giver_fkey)

  Nothing was dropped.

  Fix: Keep them: in the selection write   removed: { tips: keep }
       Or take out, or update, the plugins that point at them, too.

  More: compose explain migrate/still-referenced
`)
    await query('drop table p_guests.marks')
  })

  test('drop takes all away, once; a plugin that comes back begins anew', async () => {
    await run(removing('drop'))
    expect(await query(`select nspname from pg_namespace where nspname = 'p_tips'`)).toEqual([])
    expect(await run(removing('drop'))).toEqual([])
    expect(await run(planWith('tips', files))).toEqual(['tips/0001_tips'])
    expect(await query('select * from p_tips.tips')).toEqual([])
    expect(await states()).toEqual([
      { id: 'tips/0001_tips', state: 'done' },
      { id: 'tips/0002_more', state: 'dropped' },
      { id: 'tips/0003_doubled', state: 'dropped' },
    ])
  })

  test('rows that do not fit what newer migrations made of the tables are refused', async () => {
    await run(removing('drop'))
    const strict = planWith('tips', {
      ...files,
      '0002_more': 'create table more (id text);\n',
      '0003_strict': 'alter table givers add column mail text not null;\n',
    })
    await run(strict)
    const file = join(exportsFolder, 'tips-0001.jsonl')
    const importing = importFile(at.database.pool, strict, file, { log: silent })
    expect(await refusalOf(importing, exportsFolder)).toMatchInlineSnapshot(`
      "✗ tips-0001.jsonl was written by tips 1.0.0, and its rows do not fit the tables
        that are here.

          PostgreSQL   null value in column "mail" of relation "givers" violates not-null constraint   Failing row contains (1, Ada, null).

        Tables may have been made; no row was put into them.

        Fix: Where newer migrations of tips ran before the import: import into a database that has not run them; they run on the rows afterwards.

        More: compose explain import/refused
      "
    `)
    expect(await stored()).toEqual([[], []])
  })

  test('a kept plugin gets its keys and views again once the plugin they read, which was dropped, has made its tables', async () => {
    const withOwner = ({ steps, owners }: MigrationPlan, plugin: string, more: object) => ({
      steps: steps.filter((step) => step.plugin === plugin),
      owners: owners.flatMap((owner) => (owner.plugin === plugin ? [{ ...owner, ...more }] : [])),
    })
    const ledger = withOwner(
      planWith('ledger', {
        '0001_a':
          'create table accounts (id text primary key);\ncreate view names as select id from accounts;\n',
      }),
      'ledger',
      { references: ['accounts(id)'] },
    )
    const points = withOwner(
      planWith('points', {
        '0001_a':
          'create table points (id text references p_ledger.accounts (id) on delete cascade);\ncreate view named as select id from p_ledger.names join points using (id);\n',
      }),
      'points',
      { reads: ['p_ledger.names'] },
    )
    const core = corePlan()
    const both: MigrationPlan = {
      ...core,
      steps: [...core.steps, ...ledger.steps, ...points.steps],
      owners: [...core.owners, ...ledger.owners, ...points.owners],
    }
    await run(both)
    const schema = await readSchema(at.database.pool)
    await run({
      ...core,
      removed: [
        { plugin: 'ledger', how: 'drop' },
        { plugin: 'points', how: 'keep' },
      ],
    })
    expect(await run(both)).toEqual(['ledger/0001_a'])
    expect((await examine(at.database.pool, both, schema)).differences).toEqual([])
    await query(
      `insert into p_ledger.accounts values ('ada'); insert into p_points.points values ('ada')`,
    )
    expect(await query('select * from p_points.named')).toEqual([{ id: 'ada' }])
  })
})

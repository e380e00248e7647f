import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examine } from './examine.ts'
import type { SchemaObject } from './migration-plan.ts'
import { migrate } from './migrator.ts'
import { readSchema } from './schema-objects.ts'
import { corePlan, databases, planWith, type TestDatabase } from './test-support.ts'

const files = {
  '0001_tips': `create type mood as enum ('good', 'bad');
create sequence numbers;
create table tips (
  id bigint generated always as identity primary key,
  product_id text not null references core.products (id) on delete cascade,
  amount numeric(12, 2) not null default 0 check (amount >= 0),
  mood mood,
  "of whom" text not null,
  unique (product_id, "of whom")
);
create index tips_amount on tips (amount);
create table notes (text text);
create view open_tips as select id from tips;
`,
}
const plan = planWith('tips', files)

describe.each(databases)('on $name', { timeout: 60_000 }, ({ openMigrated }) => {
  let at: TestDatabase
  let expected: readonly SchemaObject[]
  beforeAll(async () => {
    at = await openMigrated(plan)
    expected = await readSchema(at.database.pool)
  }, 120_000)
  afterAll(() => at.close())
  const look = () => examine(at.database.pool, plan, expected)

  test('a database that was migrated is what the plan expects', async () => {
    expect(await look()).toEqual({
      differences: [],
      notCompared: [],
      newer: [],
      alike: expected.length,
    })
  })

  test('each difference says where, what, and the SQL that mends it; run, nothing differs', async () => {
    await at.database.pool.query(`set search_path = p_tips;
      alter table tips alter amount type numeric, alter amount drop not null, alter amount drop default;
      alter table tips alter "of whom" set default 'nobody';
      alter table tips drop constraint tips_amount_check;
      alter table tips drop constraint tips_product_id_fkey;
      alter table tips add constraint tips_product_id_fkey foreign key (product_id) references core.products (id) on delete cascade not valid;
      alter table tips add column extra int, add constraint small check (amount < 9);
      drop index tips_amount; create index mine on tips (mood);
      drop view open_tips; drop table notes; create table guests (id int primary key);
      drop sequence numbers; create sequence counters;
      reset search_path`)
    const { differences } = await look()
    expect(differences.map(({ where, what, mend }) => `${where}: ${what}. Mend: ${mend}`))
      .toMatchInlineSnapshot(`
      [
        "p_tips.counters: the sequence is none of this distribution. Mend: drop sequence p_tips.counters;",
        "p_tips.guests: the table is none of this distribution. Mend: drop table p_tips.guests;",
        "p_tips.notes: the table is missing. Mend: restore it from a backup; its migrations are under migrations/tips/",
        "p_tips.numbers: the sequence is missing. Mend: create sequence p_tips.numbers;",
        "p_tips.open_tips: the view is missing. Mend: restore it from a backup; its migrations are under migrations/tips/",
        "p_tips.tips.amount: the column is   numeric   and not   numeric(12,2) not null default 0. Mend: alter table p_tips.tips alter column amount type numeric(12,2); alter table p_tips.tips alter column amount set not null; alter table p_tips.tips alter column amount set default 0;",
        "p_tips.tips.extra: the column is none of this distribution. Mend: alter table p_tips.tips drop column extra;",
        "p_tips.tips.mine: the index is none of this distribution. Mend: drop index p_tips.mine;",
        "p_tips.tips.of whom: the column is   text not null default 'nobody'::text   and not   text not null. Mend: alter table p_tips.tips alter column "of whom" drop default;",
        "p_tips.tips.small: the constraint is none of this distribution. Mend: alter table p_tips.tips drop constraint small;",
        "p_tips.tips.tips_amount: the index is missing. Mend: CREATE INDEX tips_amount ON p_tips.tips USING btree (amount);",
        "p_tips.tips.tips_amount_check: the constraint is missing. Mend: alter table p_tips.tips add constraint tips_amount_check CHECK ((amount >= (0)::numeric));",
        "p_tips.tips.tips_product_id_fkey: the constraint is   FOREIGN KEY (product_id) REFERENCES core.products(id) ON DELETE CASCADE NOT VALID   and not   FOREIGN KEY (product_id) REFERENCES core.products(id) ON DELETE CASCADE. Mend: alter table p_tips.tips validate constraint tips_product_id_fkey;",
      ]
    `)
    for (const { mend } of differences.filter((each) => each.mend.endsWith(';')))
      await at.database.pool.query(mend)
    expect((await look()).differences.map(({ where }) => where)).toEqual([
      'p_tips.notes',
      'p_tips.open_tips',
    ])
  })

  test('what the ledger has against the plan is told in the same way, and what is pending is not compared', async () => {
    const changed = planWith('tips', { '0001_tips': `${files['0001_tips']}\n` })
    expect((await examine(at.database.pool, changed, [])).differences[0]).toEqual({
      where: 'migrations/tips/0001_tips.sql',
      what: 'tips/0001_tips was changed after this database had applied it.',
      mend: 'Build with a release of tips that has the applied file unchanged; a further change goes into a new migration.',
    })
    const later = planWith('later', { '0001_a': 'create table a (id int);\n' })
    expect(await examine(at.database.pool, later, expected)).toMatchObject({
      differences: [
        { where: 'later/0001_a', what: 'the migration is pending', mend: 'node server.js migrate' },
      ],
      notCompared: ['p_later'],
    })
    const alone = await examine(at.database.pool, corePlan(), expected)
    expect(alone.differences).toEqual([])
  })

  test('what a newer release added is no difference', async () => {
    const newer = planWith('tips', { ...files, '0002_more': 'create table more (id int);\n' })
    await migrate(at.database.pool, newer)
    const { differences, newer: left } = await look()
    expect(differences.map(({ where }) => where)).not.toContain('p_tips.more')
    expect(left).toEqual([
      { plugin: 'tips', applied: '1.0.0', shipped: '1.0.0', ids: ['tips/0002_more'] },
    ])
  })
})

import { expect, test } from 'vitest'
import { problemText } from '@bitcartcc/sdk/problem'
import { examineNew } from './new-migrations.ts'
import { statementsOf } from './statements.ts'

async function examined(sql: string, header = '') {
  const text = header === '' ? sql : `${header}\n${sql}`
  const parsed = await statementsOf(text)
  if ('error' in parsed) throw new Error(parsed.error)
  const lines = text.split('\n')
  return examineNew([
    {
      id: 'loyalty/0002_more',
      lines,
      statements: parsed.statements,
      placeOf: (line) => ({
        owner: 'loyalty 1.1.0',
        place: `migrations/0002_more.sql:${line}`,
        text: lines[line - 1] ?? '',
      }),
      isContract: header.includes('tag: contract'),
    },
  ])
}
const codesOf = async (sql: string, header?: string) =>
  (await examined(sql, header)).problems.map(({ code }) => code.replace('plan/', ''))

const harmful = [
  ['adding-required-field', 'alter table points add column level text not null'],
  [
    'adding-field-with-default',
    'alter table points add column token uuid default gen_random_uuid()',
  ],
  [
    'adding-field-with-default',
    'alter table points add column twice int generated always as (points * 2) stored',
  ],
  [
    'adding-serial-primary-key-field',
    'alter table points add column id bigint generated always as identity',
  ],
  ['adding-serial-primary-key-field', 'alter table points add column id bigserial primary key'],
  ['adding-not-nullable-field', 'alter table points alter column level set not null'],
  ['changing-column-type', 'alter table points alter column level type int using level::int'],
  [
    'adding-foreign-key-constraint',
    'alter table points add constraint p foreign key (product_id) references core.products (id)',
  ],
  ['constraint-missing-not-valid', 'alter table points add constraint p check (points >= 0)'],
  ['disallowed-unique-constraint', 'alter table points add constraint p unique (points)'],
  [
    'adding-exclusion-constraint',
    'alter table points add constraint p exclude using gist (span with &&)',
  ],
  ['require-concurrent-index-creation', 'create index points_points on points (points)'],
  ['require-concurrent-index-deletion', 'drop index points_points'],
  ['require-concurrent-reindex', 'reindex index points_points'],
  [
    'backfill-in-ddl-transaction',
    'alter table points add column level text;\nupdate points set level = 1',
  ],
  ['ban-drop-column', 'alter table points drop column level'],
  ['ban-drop-table', 'drop table points'],
  ['ban-drop-not-null', 'alter table points alter column level drop not null'],
  ['renaming-column', 'alter table points rename column level to rank'],
  ['renaming-table', 'alter table points rename to marks'],
  ['renaming-enum-value', "alter type mood rename value 'good' to 'fine'"],
  ['ban-truncate-cascade', 'truncate points cascade'],
  ['identifier-too-long', `create table ${'long_'.repeat(13)} (id int)`],
] as const

test.each(harmful)('%s: %s', async (rule, sql) => {
  expect(await codesOf(sql)).toEqual([rule])
})

test.each([
  ["alter table points add column level text not null default ''"],
  ['alter table points add column at timestamptz not null default now()'],
  ['alter table points add column product_id text references core.products (id)'],
  ['alter table points add constraint p check (points >= 0) not valid'],
  ['alter table points validate constraint p'],
  ['alter table points add constraint p unique using index points_points'],
  ['create index concurrently points_points on points (points)'],
  ['drop index concurrently points_points'],
  ["update points set level = ''"],
  ["alter type mood add value 'fine'"],
  [
    'create table marks (id int); create index marks_id on marks (id); alter table marks add unique (id); alter table marks alter id set not null; insert into marks values (1); update marks set id = 2; alter table marks rename to more',
  ],
  ['create table marks (id int); drop table marks'],
  [`comment on table points is '${'long '.repeat(20)}'`],
])('lets be what does no harm: %s', async (sql) => {
  expect(await codesOf(sql)).toEqual([])
})

test('what breaks older code and nothing else is let be where the file says that it does', async () => {
  const header = '-- tag: contract\n'
  expect(await codesOf('alter table points drop column level', header)).toEqual([])
  expect(await codesOf('alter table points alter column level type int', header)).toEqual([
    'changing-column-type',
  ])
})

test('a rule is set aside by its name and a reason, directly above the statement', async () => {
  const sql = 'create index points_points on points (points);\n'
  expect(
    await examined(`-- compose-ignore require-concurrent-index-creation: ten rows at most\n${sql}`),
  ).toEqual({
    problems: [],
    ignored: [
      {
        owner: 'loyalty 1.1.0',
        place: 'migrations/0002_more.sql:2',
        rule: 'require-concurrent-index-creation',
        why: 'ten rows at most',
      },
    ],
  })
  expect(
    await codesOf(
      `-- compose-ignore require-concurrent-index-creation: ten rows\nselect 1;\n${sql}`,
    ),
  ).toEqual(['require-concurrent-index-creation'])
  expect(await codesOf(`-- compose-ignore require-concurrent-index-creation\n${sql}`)).toEqual([
    'ignore-without-reason',
    'require-concurrent-index-creation',
  ])
  expect(await codesOf('-- compose-ignore everything: because\nselect 1')).toEqual([
    'ignore-without-reason',
  ])
})

test('each says why, and what to do instead', async () => {
  const texts: string[] = []
  for (const [, sql] of harmful)
    texts.push(...(await examined(sql)).problems.map((each) => problemText(each)))
  texts.push(
    ...(await examined('-- compose-ignore it\nselect 1')).problems.map((each) => problemText(each)),
  )
  await expect([...new Set(texts)].join('\n')).toMatchFileSnapshot('dangers.expected.txt')
})

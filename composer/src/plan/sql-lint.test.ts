import { expect, test } from 'vitest'
import { lint } from './sql-lint.ts'
import { statementsOf } from './statements.ts'

const reachable = new Map([
  ['core', { keys: ['products(id)'], tables: [] }],
  ['p_ledger', { keys: ['accounts(id)'], tables: ['balances'] }],
])

async function codesOf(sql: string, isInTransaction = true): Promise<readonly string[]> {
  const parsed = await statementsOf(sql)
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed.statements.flatMap(({ tree, line }) =>
    lint(
      tree,
      { owner: 'loyalty 1.0.0', place: `0001.sql:${line}`, text: sql },
      'loyalty',
      isInTransaction,
      reachable,
    ).map(({ code }) => code.replace('plan/', '')),
  )
}

test.each([
  'create table points (id text primary key, product_id text references core.products (id))',
  'create index points_product on p_loyalty.points (product_id)',
  'insert into points select id from core_v1.products',
  'with recent as (select id from core_v1.invoices) update points set id = recent.id from recent',
  'create view open as select p.id from points p join core_v1.invoices i on i.id = p.id',
  "create type level as enum ('a'); alter type level add value 'b'",
  "comment on column points.id is 'x'",
  'drop table if exists points',
  'create view rich as select account from p_ledger.balances where amount > 0',
  'insert into points select account from p_ledger.balances on conflict do nothing',
  'create temp table few on commit drop as select id from points',
  'create temporary table few (id text) on commit drop',
  'create table bonuses (account text references p_ledger.accounts (id) on delete cascade)',
])('takes what stays in its own schema: %s', async (sql) => {
  expect(await codesOf(sql)).toEqual([])
})

test.each([
  'insert into core_v1.products select id from points',
  'select * from core.users',
  'with gone as (delete from core.sessions returning 1) select * from gone',
  'alter table p_ratings.votes add column x int',
  'create table core.mine (id int)',
  'create table mine (user_id text references core.users (id))',
  'drop table core.users',
  'truncate core.users',
  "comment on column p_ratings.votes.stars is 'x'",
  'create type core.level as enum ()',
  'select p_ratings.secret()',
  'create table mine as select * from jobs.job',
  'select * from p_ledger.accounts',
  'insert into p_ledger.balances select id from points',
  'update p_ledger.balances set amount = 0',
  'delete from p_ledger.balances',
  'drop view p_ledger.balances',
  'create table mine (account text references p_ledger.balances (account))',
])('refuses what reaches outside: %s', async (sql) => {
  expect(await codesOf(sql)).toEqual(['foreign-table'])
})

test.each([
  'commit',
  'set role postgres',
  'reset all',
  'do $$ begin end $$',
  'grant select on points to public',
  'create schema mine',
  'create extension pg_trgm',
  "copy points to program 'sh'",
  'listen x',
  "select set_config('role', 'x', true)",
  "select pg_read_file('/etc/passwd')",
  'alter table points owner to postgres',
  'create index concurrently i on points (id)',
  'alter system set fsync = off',
  'create function f() returns int language sql as $$ select 1 $$',
  'drop function f()',
  'alter table points set schema core',
  'lock table points',
  'create temp table few as select id from points',
  'create temp table few (id text) on commit delete rows',
  'create temp view few as select 1',
  'select 1 as id into temp few',
  // What a role of PostgreSQL would not hold back: each of these is somebody else afterwards.
  'reset role',
  'set role none',
  'set local role none',
  'discard all',
  'set session authorization postgres',
  "with few as (select set_config('role', 'none', false)) select * from few",
  'create trigger t before insert on points execute function f()',
  'create rule r as on insert to points do nothing',
  'create policy p on points',
  'create role r',
  'create event trigger t on ddl_command_start execute function f()',
])('refuses what no plugin may send: %s', async (sql) => {
  expect(await codesOf(sql)).toEqual(['forbidden-statement'])
})

test('outside a transaction takes what PostgreSQL refuses inside one, and nothing else', async () => {
  expect([
    await codesOf('create index concurrently i on points (id)', false),
    await codesOf('create table x ()', false),
  ]).toEqual([[], ['forbidden-statement']])
})

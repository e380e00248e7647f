import { expect, test } from 'vitest'
import { phaseOf } from './phase.ts'
import { statementsOf } from './statements.ts'

test.each([
  ['create table points (id int not null, check (id > 0))', 'expand'],
  ['alter table points add column note text', 'expand'],
  ["alter table points add column note text not null default ''", 'expand'],
  ['alter table points add constraint small check (id < 9) not valid', 'expand'],
  ['create index points_id on points (id)', 'expand'],
  ['drop index points_id', 'expand'],
  ['create table points (id int); alter table points alter column id set not null', 'expand'],
  ['create table points (id int); insert into points values (1)', 'expand'],
  ["update points set note = ''", 'migrate'],
  ['insert into points values (1)', 'migrate'],
  ['alter table points drop column note', 'contract'],
  ['alter table points alter column note set not null', 'contract'],
  ['alter table points alter column id type bigint', 'contract'],
  ['alter table points add column note text not null', 'contract'],
  ['alter table points add constraint small check (id < 9)', 'contract'],
  ['alter table points rename column note to words', 'contract'],
  ['alter table points rename to marks', 'contract'],
  ['drop table points', 'contract'],
  ['drop view open', 'contract'],
  ['truncate points', 'contract'],
  ['create table marks (id int); update points set id = 1; drop table points', 'contract'],
])('%s: %s', async (sql, phase) => {
  const parsed = await statementsOf(sql)
  if ('error' in parsed) throw new Error(parsed.error)
  expect(phaseOf(parsed.statements).phase).toBe(phase)
})

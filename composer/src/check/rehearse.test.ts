import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { coreMigrationsFolder } from '@bitcartcc/domain/core-migrations'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { openCache } from '../cache/cache.ts'
import type { Plan } from '../model/plan.ts'
import { planSelection } from '../pipeline.ts'
import { rehearse, type Rehearsed } from './rehearse.ts'

const work = mkdtempSync(join(tmpdir(), 'compose-rehearse-'))
const cache = openCache(join(work, 'cache'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** The part of a distribution that is read again. */
function writeDistribution(folder: string, { migrations, plugins }: Plan): void {
  const sources = new Map([
    ['core', coreMigrationsFolder],
    ...plugins.map(({ release }) => [release.name, join(release.folder, 'migrations')] as const),
  ])
  mkdirSync(join(folder, 'migrations'), { recursive: true })
  writeFileSync(join(folder, 'migrations/plan.json'), JSON.stringify(migrations))
  for (const { plugin, id } of migrations.steps) {
    mkdirSync(join(folder, 'migrations', plugin), { recursive: true })
    const file = `${id.slice(plugin.length + 1)}.sql`
    copyFileSync(join(sources.get(plugin) ?? '', file), join(folder, 'migrations', plugin, file))
  }
}

/** A selection of one plugin with these files in its folder of migrations, up to its plan. */
function planned(name: string, files: Readonly<Record<string, string>>) {
  const folder = join(work, name)
  const migrations = join(folder, 'plugins/loyalty/migrations')
  mkdirSync(migrations, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(migrations, file), text)
  writeFileSync(
    join(folder, 'plugins/loyalty/plugin.yaml'),
    'name: loyalty\nversion: 1.0.0\ntitle: Loyalty\ndescription: Points.\nauthor: BitcartCC\nlicense: MIT\nrequires: { bitcartcc: ^1.0.0 }\ncontributes: { migrations: ./migrations }\n',
  )
  writeFileSync(
    join(folder, 'selection.yaml'),
    'distribution: shop\ncore: ^1.0.0\nplugins: { loyalty: ^1.0.0 }\ndeployment: { images: tags }\n',
  )
  return planSelection(join(folder, 'selection.yaml'), { cwd: folder, cacheDir: 'cache' })
}

const refusalOf = (rehearsing: Promise<Rehearsed>): Promise<string> =>
  rehearsing.then(
    () => 'nothing was refused',
    (error: unknown) => {
      if (!(error instanceof Refused)) throw error
      return error.problems
        .map(problemText)
        .join('\n')
        .replaceAll(/\S+\/plugins\//g, 'plugins/')
    },
  )

const first = {
  '0001_points.sql': 'create table points (user_id text primary key, points integer not null);\n',
  'sample.sql':
    "insert into points (user_id, points) values\n  ('sample-admin', 12),\n  ('sample-clerk', -1);\n",
}
const withSecond = (sql: string) => ({ ...first, '0002_more.sql': sql })

test('an upgrade is rehearsed on tables that hold rows', async () => {
  const before = await planned('before', first)
  const {
    snapshot: _,
    catalog: __,
    schema: ___,
    ...begun
  } = await rehearse(before.plan, undefined, cache)
  const steps = before.plan.migrations.steps.length
  expect(begun).toEqual({ steps, fromBefore: undefined, isAsBefore: false })
  expect(await rehearse(before.plan, { lock: before.lock, folders: [] }, cache)).toMatchObject({
    fromBefore: { steps: 0, rows: 0, areOfToday: false },
    isAsBefore: true,
  })

  const upgrade = async (name: string, sql: string) => {
    const { plan } = await planned(name, withSecond(sql))
    return rehearse(plan, { lock: before.lock, folders: [] }, cache)
  }
  const rows = before.plan.samples.length
  expect(rows).toBe(2)
  expect(
    await refusalOf(upgrade('required', 'alter table points\n  add column level text not null;\n')),
  ).toMatchInlineSnapshot(`
    "✗ loyalty 1.0.0 cannot migrate: PostgreSQL refuses a statement of
      loyalty/0002_more.

        It ran on the database of the distribution before this one, which holds the
          rows of sample.sql. A shop that was used holds such rows, too.

        plugins/loyalty/migrations/0002_more.sql:1   alter table points   add column level text not null
        PostgreSQL                                   column "level" of relation "points" contains null values

      It ran on a throw-away database. Nothing was written to dist/.

      Fix: Mend the statement in the file named above, or leave loyalty out of the selection.

      More: compose explain check/migration-failed
    "
  `)
  expect(
    await refusalOf(
      upgrade(
        'checked',
        'create table levels (name text);\n\nalter table points add constraint positive check (points >= 0);\n',
      ),
    ),
  ).toMatchInlineSnapshot(`
    "✗ loyalty 1.0.0 cannot migrate: PostgreSQL refuses a statement of
      loyalty/0002_more.

        It ran on the database of the distribution before this one, which holds the
          rows of sample.sql. A shop that was used holds such rows, too.

        plugins/loyalty/migrations/0002_more.sql:3   alter table points add constraint positive check (points >= 0)
        PostgreSQL                                   check constraint "positive" of relation "points" is violated by some row

      It ran on a throw-away database. Nothing was written to dist/.

      Fix: Mend the statement in the file named above, or leave loyalty out of the selection.

      More: compose explain check/migration-failed
    "
  `)
  expect(
    await refusalOf(
      upgrade(
        'unique',
        'update points set points = 1;\n\ncreate unique index points_points on points (points);\n',
      ),
    ),
  ).toMatchInlineSnapshot(`
    "✗ loyalty 1.0.0 cannot migrate: PostgreSQL refuses a statement of
      loyalty/0002_more.

        It ran on the database of the distribution before this one, which holds the
          rows of sample.sql. A shop that was used holds such rows, too.

        plugins/loyalty/migrations/0002_more.sql:3   create unique index points_points on points (points)
        PostgreSQL                                   could not create unique index "points_points"   Key (points)=(1) is duplicated.

      It ran on a throw-away database. Nothing was written to dist/.

      Fix: Mend the statement in the file named above, or leave loyalty out of the selection.

      More: compose explain check/migration-failed
    "
  `)
  const fine = await upgrade(
    'fine',
    "alter table points add column level text not null default '';\n",
  )
  expect(fine.fromBefore?.steps).toBe(1)
  expect(fine.fromBefore?.rows).toBeGreaterThan(10)
})

test('sample rows must fit the tables, and changing them changes no migration', async () => {
  const before = await planned('before', first)
  const changed = await planned('changed', {
    ...first,
    'sample.sql': "insert into points (user_id, points)\nvalues ('sample-admin', null);\n",
  })
  expect(changed.lock.migrations).toEqual(before.lock.migrations)
  expect(await refusalOf(rehearse(changed.plan, { lock: before.lock, folders: [] }, cache)))
    .toMatchInlineSnapshot(`
    "✗ The sample rows of loyalty 1.0.0 do not fit its tables.

        plugins/loyalty/migrations/sample.sql:1   insert into points (user_id, points) values ('sample-admin', null)
        PostgreSQL                                null value in column "points" of relation "points" violates not-null constraint   Failing row contains (sample-admin, null).

      They ran on a throw-away database. Nothing was written to dist/.

      Fix: Mend the statement: sample.sql holds rows as the newest migration lets them be, and may change at any time.

      More: compose explain check/samples-unfit
    "
  `)
})

test('where the cache knows the distribution before no longer, its end is made anew of the SQL that it holds', async () => {
  const before = await planned('before', first)
  const { plan } = await planned('fine', withSecond('alter table points add column level text;\n'))
  const folder = join(work, 'dist')
  writeDistribution(folder, before.plan)
  const emptied = openCache(join(work, 'emptied'))
  const upgrade = async (name: string) =>
    (await rehearse(plan, { lock: before.lock, folders: [join(work, name)] }, emptied)).fromBefore

  expect(await upgrade('nowhere')).toBeUndefined()
  writeFileSync(join(folder, 'migrations/loyalty/0001_points.sql'), 'create table other ();\n')
  expect(await upgrade('dist')).toBeUndefined()
  writeDistribution(folder, before.plan)
  expect(await upgrade('dist')).toEqual({
    steps: 1,
    rows: expect.any(Number) as number,
    areOfToday: true,
  })
})

test('a shop that is updated and a new one must come to the same tables', async () => {
  const copies = {
    '0001_copies.sql':
      'create table shops as select * from core_v1.stores;\ncreate view names as select name from core_v1.stores;\n',
  }
  const before = await planned('copies', copies)
  await rehearse(before.plan, undefined, cache)
  const { plan } = await planned('copies-again', copies)
  // A core that shows one more column of its stores.
  const sql =
    'create or replace view core_v1.stores as select id, name, currency, created_at, description from core.stores'
  const ofCore = plan.migrations.steps.filter(({ plugin }) => plugin === 'core')
  const own = plan.migrations.steps.filter(({ plugin }) => plugin !== 'core')
  const added = ofCore.slice(-1).map((step) => ({
    ...step,
    id: 'core/9999_more',
    statements: [{ sql, line: 1 }],
  }))
  const migrations = { ...plan.migrations, steps: [...ofCore, ...added, ...own] }
  expect(
    await refusalOf(rehearse({ ...plan, migrations }, { lock: before.lock, folders: [] }, cache)),
  ).toMatchInlineSnapshot(`
    "✗ A shop that is updated would not get the tables that a new one gets.

        The migrations ran on the database of the distribution before this one, and
          from empty. What one of them makes depends on what it finds there.

        p_loyalty.shops.description   updated, the column is missing

      Both are throw-away databases. Nothing was written to dist/.

      Fix: Let the migration that makes it say what is to be there: name each column where it says   select *   and take   if not exists   out.
           Where a release has shipped it already, mend it in a new migration, which must end at the same from both.

      More: compose explain check/upgrade-differs
    "
  `)
})

import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { execa } from 'execa'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLong } from './counts.ts'
import { compose, plainEnv, type ComposeRun } from './support/compose.ts'
import { asTests, builtStandard, builtWithPresents, type Built } from './support/distribution.ts'

// What an operator types about the database, with what was built: migrate, doctor, import.

interface Place {
  /** The variables that lead there. */
  readonly env: Readonly<Record<string, string>>
  query(sql: string): Promise<readonly object[]>
  run(...statements: readonly string[]): Promise<void>
  close(): Promise<void>
}
const { TEST_DATABASE_URL: server, TEST_NEWER_DATABASE_URL: newer } = process.env
const places = [
  { name: 'the embedded database', open: embedded },
  ...(server ? [{ name: 'PostgreSQL', open: () => onServer(server) }] : []),
  // What is asked of it is the same; the suites of its rooms run there each time.
  ...(newer && isLong ? [{ name: 'a newer PostgreSQL', open: () => onServer(newer) }] : []),
]

let standard: Built
let without: string
beforeAll(async () => {
  standard = await builtStandard()
  without = await builtWithPresents()
})

describe.each(places)('on $name', ({ open }) => {
  let dataDir: string
  let place: Place
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'compose-database-'))
    place = await open(dataDir)
  })
  afterAll(async () => {
    await place.close()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  const run = async (folder: string, ...args: readonly string[]): Promise<ComposeRun> => {
    const { flags, env } = asTests()
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [...flags, join(folder, 'server.js'), ...args],
      {
        cwd: dataDir,
        env: { ...plainEnv(), ...env, DATA_DIR: dataDir, ...place.env },
        extendEnv: false,
        reject: false,
      },
    )
    return { exitCode, stdout, stderr }
  }
  const said = (exitCode: number, stdout: string) => ({ exitCode, stdout, stderr: '' })
  const votes = () => place.query('select * from p_ratings.votes order by id')

  test('doctor says what differs and how to mend it, and after that nothing', async () => {
    expect(await run(standard.folder, 'migrate')).toMatchObject({ exitCode: 0, stderr: '' })
    const alike = await run(standard.folder, 'doctor')
    expect(alike).toEqual(
      said(
        0,
        expect.stringMatching(
          /^The database is what this distribution expects: \d{3} tables, columns, indexes and constraints are alike\.$/,
        ) as string,
      ),
    )
    await place.run(
      'alter table core.users add column mine text',
      'alter table p_ratings.votes alter column stars type integer',
      'drop index p_ratings.invitations_product_id',
    )
    const lines = [
      'core.users.mine: the column is none of this distribution. Mend: alter table core.users drop column mine;',
      'p_ratings.invitations.invitations_product_id: the index is missing. Mend: CREATE INDEX invitations_product_id ON p_ratings.invitations USING btree (product_id);',
      'p_ratings.votes.stars: the column is   integer not null   and not   smallint not null. Mend: alter table p_ratings.votes alter column stars type smallint;',
    ]
    expect(await run(standard.folder, 'doctor')).toEqual(
      said(
        1,
        [...lines, '3 differences. Nothing was changed. Make a backup before you mend.'].join('\n'),
      ),
    )
    const { exitCode, stdout } = await compose(['doctor', standard.folder, '--json'], {
      cwd: dataDir,
      cacheDir: standard.cacheDir,
      env: { DATA_DIR: dataDir, ...place.env },
    })
    const { differences } = JSON.parse(stdout) as {
      differences: { where: string; what: string; mend: string }[]
    } // what help promises
    expect(differences.map(({ where, what, mend }) => `${where}: ${what}. Mend: ${mend}`)).toEqual(
      lines,
    )
    expect(exitCode).toBe(1)
    await place.run(...differences.map(({ mend }) => mend))
    expect(await run(standard.folder, 'doctor')).toEqual(alike)
  })

  test('what a plugin stored is exported when it leaves, and import takes it back', async () => {
    await place.run(
      "insert into p_ratings.votes (product_id, visitor, stars, comment) values ('mug', 'a', 5, 'Zoë'), ('mug', 'b', 1, '')",
    )
    const stored = await votes()
    expect((await run(without, 'migrate', '--plan')).exitCode).toBe(3)
    expect(await run(without, 'migrate')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await readdir(join(dataDir, 'exports'))).toEqual(['ratings-0001.jsonl'])
    expect(await run(without, 'doctor')).toMatchObject({ exitCode: 0 })
    const file = 'exports/ratings-0001.jsonl'
    const refused = (stderr: string) => ({ exitCode: 1, stdout: '', stderr })
    expect(await run(without, 'import', file)).toEqual(
      refused(`✗ exports/ratings-0001.jsonl holds what ratings 1.0.0 stored, and ratings is not
  in this distribution.

  Nothing was put into the database.

  Fix: Select ratings again, build, and import with that distribution:   compose add ratings

  More: compose explain import/not-selected
`),
    )

    expect(await run(standard.folder, 'import', file)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /Took back 2 rows of ratings\. Next: node server\.js migrate$/,
      ) as string,
    })
    expect(await run(standard.folder, 'migrate')).toEqual(said(0, 'Nothing was pending.'))
    expect(await votes()).toEqual(stored)
    expect(await run(standard.folder, 'doctor')).toMatchObject({ exitCode: 0 })
    expect(await run(standard.folder, 'import', file)).toEqual(
      refused(`✗ exports/ratings-0001.jsonl cannot come back: p_ratings.votes holds rows
  already.

  Tables may have been made; no row was put into them.

  Fix: Import before the shop runs with the plugin again, or into a database without these rows.

  More: compose explain import/not-empty
`),
    )
    expect((await run(standard.folder, 'import')).exitCode).toBe(2)
  })
})

function embedded(dataDir: string): Promise<Place> {
  // One process may have it open: only while it asks.
  const opened = async <T>(ask: (lite: PGlite) => Promise<T>): Promise<T> => {
    const lite = await PGlite.create({
      dataDir: join(dataDir, 'database/rows'),
      // By default 128 MB of buffers are filled with zeros, for a statement or two.
      startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=1MB'],
    })
    try {
      return await ask(lite)
    } finally {
      await lite.close()
    }
  }
  return Promise.resolve({
    env: {},
    query: (sql) => opened(async (lite) => (await lite.query<object>(sql)).rows),
    run: (...statements) =>
      opened(async (lite) => {
        for (const statement of statements) await lite.query(statement)
      }),
    close: () => Promise.resolve(),
  })
}

async function onServer(url: string): Promise<Place> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const own = Object.assign(new URL(url), { pathname: `/${name}` }).href
  const client = new pg.Client({ connectionString: own })
  await client.connect()
  return {
    env: { DATABASE_URL: own },
    query: async (sql) => (await client.query<object>(sql)).rows,
    run: async (...statements) => {
      for (const statement of statements) await client.query(statement)
    },
    close: async () => {
      await client.end()
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}

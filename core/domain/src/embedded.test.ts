import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { openEmbedded } from './embedded.ts'
import { layEmptyDatabase } from './test-rows.ts'

test(
  'two processes cannot have one folder, and a dead one’s lock is taken over',
  { timeout: 120_000 },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bitcartcc-embedded-'))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    layEmptyDatabase(dataDir)
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'test-child.ts'), 'hold', dataDir],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')

    const folder = join(dataDir, 'database')
    const refusal: unknown = await openEmbedded(folder).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refused)
    expect((refusal as Refused).problems).toMatchObject([
      {
        code: 'start/data-folder-in-use',
        says: `The data folder is in use by process ${child.pid}.`,
      },
    ]) // asserted above

    child.kill('SIGKILL')
    await once(child, 'exit')
    const embedded = await openEmbedded(folder)
    await expect(openEmbedded(folder)).rejects.toThrow(
      `The data folder is in use by process ${process.pid}.`,
    )
    await embedded.close()
  },
)

test('a first start that was killed in its middle is begun again, and one that stood stays', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bitcartcc-embedded-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  layEmptyDatabase(dataDir)
  const folder = join(dataDir, 'database')
  const ask = async (sql: string) => {
    const embedded = await openEmbedded(folder, {
      snapshot: () => {
        throw new Error('begun again')
      },
    })
    const pool = new pg.Pool({ ...embedded.poolConfig, max: 1 })
    try {
      return (await pool.query<{ count: number }>(sql)).rows
    } finally {
      await pool.end()
      await embedded.close()
    }
  }
  await ask('create table kept (number integer)')
  expect(await ask('select count(*)::integer as count from kept')).toEqual([{ count: 0 }])
  writeFileSync(join(folder, 'rows.unfinished'), '')
  await expect(ask('select 1')).rejects.toThrow('begun again')
  expect(existsSync(join(folder, 'rows/PG_VERSION'))).toBe(false)
})

test('a question that fails, wherever it does, leaves the next one as it is', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bitcartcc-embedded-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  layEmptyDatabase(dataDir)
  const embedded = await openEmbedded(join(dataDir, 'database'))
  const pool = new pg.Pool({ ...embedded.poolConfig, max: 1 })
  const client = await pool.connect()
  const ask = (text: string, values?: unknown[], name?: string) =>
    client.query<object>({ text, ...(values ? { values } : {}), ...(name ? { name } : {}) }).then(
      ({ rows }) => rows,
      (error: Error) => error.message,
    )
  try {
    expect([
      await ask('select nothing from nowhere where id = $1', [1]),
      await ask('select $1::integer as number', ['seven'], 'number'),
      await ask('select $1::integer as number', [7], 'number'),
      await ask('select 1 / $1::integer as part', [0]),
      await ask('selct 1'),
      ...(await Promise.all([1, 2].map((each) => ask('select $1::integer * 2 as twice', [each])))),
      await ask('begin'),
      await ask('select 1 / $1::integer as part', [0]),
      await ask('select $1::integer as number', [7], 'number'),
      await ask('rollback'),
      await ask('select $1::integer as number', [8], 'number'),
    ]).toEqual([
      'relation "nowhere" does not exist',
      'invalid input syntax for type integer: "seven"',
      [{ number: 7 }],
      'division by zero',
      'syntax error at or near "selct"',
      [{ twice: 2 }],
      [{ twice: 4 }],
      [],
      'division by zero',
      'current transaction is aborted, commands ignored until end of transaction block',
      [],
      [{ number: 8 }],
    ])
  } finally {
    client.release()
    await pool.end()
    await embedded.close()
  }
})

const probe = mkdtempSync(join(tmpdir(), 'bitcartcc-disk-'))
const mount = (folder: string, size: string) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0
const unmount = (folder: string) => spawnSync('umount', [folder])
const mayMount = mount(probe, '1m')
if (mayMount) unmount(probe)
rmSync(probe, { recursive: true })
const word = mayMount ? '' : ' (skipped: a small disk cannot be mounted here)'

test.skipIf(!mayMount)(
  `no database is begun or opened on a disk that has no room for it${word}`,
  async () => {
    const disk = mkdtempSync(join(tmpdir(), 'bitcartcc-disk-'))
    onTestFinished(() => rmSync(disk, { recursive: true, force: true }))
    const opened = async (size: string, isBegun: boolean) => {
      mount(disk, size)
      try {
        if (isBegun) layEmptyDatabase(disk)
        const folder = join(disk, 'database')
        const before = isBegun ? readdirSync(folder) : []
        const refusal: unknown = await openEmbedded(folder).catch((error: unknown) => error)
        expect(readdirSync(folder)).toEqual(before)
        if (!(refusal instanceof Refused)) throw refusal
        return refusal.problems
          .map(problemText)
          .join('')
          .replaceAll(disk, '…')
          .replace(/\d+ MB left/, 'N MB left')
      } finally {
        unmount(disk)
      }
    }
    expect([await opened('70m', false), await opened('20m', true)].join('')).toMatchInlineSnapshot(`
      "✗ The disk of the data folder is full.

          …/database   N MB left   80 MB wanted

        The database was not opened.

        Fix: Make room on it, or move the data folder to another disk and name it:   DATA_DIR=/srv/shop

        More: compose explain start/disk-full
      ✗ The disk of the data folder is full.

          …/database   N MB left   16 MB wanted

        The database was not opened.

        Fix: Make room on it, or move the data folder to another disk and name it:   DATA_DIR=/srv/shop

        More: compose explain start/disk-full
      "
    `)
  },
)

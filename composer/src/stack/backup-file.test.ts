import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { packTar } from 'modern-tar/fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refused } from '@bitcartcc/sdk/problem'
import { packBackup, unpackBackup, type StackFacts } from './backup-file.ts'

const facts: Omit<StackFacts, 'files'> = {
  format: 1,
  of: 'stack',
  distribution: 'shop',
  core: '1.0.0',
  secretKey: null,
  roles: ['p_ratings'],
  ledger: [],
}
let work = ''
let file = ''
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'compose-backup-'))
  file = join(work, 'shop.tgz')
  await mkdir(join(work, 'from/volumes'), { recursive: true })
  await mkdir(join(work, 'to'))
  await writeFile(join(work, 'from/database.dump'), 'rows')
  await writeFile(join(work, 'from/volumes/data.tar'), 'uploads')
})
afterEach(() => rm(work, { recursive: true, force: true }))

test('what was packed comes back, with the hash of every file', async () => {
  await packBackup(join(work, 'from'), facts, file)
  expect(await unpackBackup(file, join(work, 'to'))).toEqual({
    ...facts,
    files: {
      'database.dump': 'bc51e9e65d79e1c90ba544ab2eae1044ccdf8c1af7a559ba375cba4276f7d99e',
      'volumes/data.tar': '9ba88c4165381adc0eeae696d66c699577dd1d0e209d81c9644890bfe87546d8',
    },
  })
  expect(await readFile(join(work, 'to/volumes/data.tar'), 'utf8')).toBe('uploads')
})

const archive = (entries: Readonly<Record<string, string>>) =>
  pipeline(
    packTar(
      Object.entries(entries).map(([target, content]) => ({ type: 'content', target, content })),
    ),
    createGzip(),
    createWriteStream(file),
  )
const list = (files: Readonly<Record<string, string>>, more: object = {}) =>
  JSON.stringify({ ...facts, files, ...more })
const hash = 'a'.repeat(64)

test.each([
  [
    'is cut off',
    'unexpected end of file',
    async () => writeFile(file, (await packed()).subarray(0, 200)),
  ],
  ['is none', 'incorrect header check', () => writeFile(file, 'hello')],
  [
    'has other bytes',
    'database.dump has other bytes than it was saved with',
    () => archive({ 'backup.json': list({ 'database.dump': hash }), 'database.dump': 'x' }),
  ],
  [
    'lacks a file',
    'database.dump is missing',
    () => archive({ 'backup.json': list({ 'database.dump': hash }) }),
  ],
  [
    'has one too many',
    'volumes/more.tar is not on its list',
    () =>
      archive({
        'backup.json': list({ 'database.dump': hash }),
        'database.dump': 'x',
        'volumes/more.tar': 'x',
      }),
  ],
  [
    'would write elsewhere',
    'elsewhere/evil is no file of such a backup',
    () => archive({ 'elsewhere/evil': 'x' }),
  ],
  [
    'names a role of SQL',
    'its list is none of ours',
    () =>
      archive({
        'backup.json': list({ 'database.dump': hash }, { roles: ['p; drop'] }),
        'database.dump': 'x',
      }),
  ],
  [
    'is of an embedded database',
    'it is of an embedded database: bring it back with   compose restore',
    () => archive({ 'backup.json': JSON.stringify({ format: 1, files: {} }) }),
  ],
])('a file that %s is refused', async (_what, why, make) => {
  await make()
  const refused = await unpackBackup(file, join(work, 'to')).catch((error: unknown) => error)
  if (!(refused instanceof Refused)) throw refused
  const [problem] = refused.problems
  expect([problem?.code, problem?.facts?.[0]?.[1]]).toEqual(['stack/damaged', why])
})

async function packed(): Promise<Buffer> {
  await packBackup(join(work, 'from'), facts, file)
  return readFile(file)
}

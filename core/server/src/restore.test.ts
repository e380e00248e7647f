import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packTar, type TarEntry } from 'modern-tar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refused } from '@bitcartcc/sdk/problem'
import { readEnvironment } from './environment.ts'
import { runRestore } from './restore.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitcartcc-restore-'))
  mkdirSync(join(folder, 'data'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const factsOf = (files: Readonly<Record<string, string>>, folders: readonly string[] = []) => ({
  format: 1,
  distribution: 'test',
  core: '1.0.0',
  folders,
  files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, hash(text)])),
})
const fileOf = (name: string, body: string): TarEntry => ({
  header: { name, size: body.length, type: 'file' },
  body,
})

/** Restores a backup that holds files and says that it holds others; gives what is said of it, or that it was taken. */
async function restored(facts: object, entries: readonly TarEntry[]): Promise<string> {
  const file = join(folder, 'shop.tgz')
  const tar = await packTar([fileOf('backup.json', JSON.stringify(facts)), ...entries])
  writeFileSync(file, gzipSync(tar))
  let said = ''
  try {
    await runRestore({
      environment: readEnvironment({ DATA_DIR: join(folder, 'data') }),
      file,
      isReplacing: false,
      print: (text) => (said += text),
    })
    return said
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    // What was there is as it was.
    expect(readdirSync(join(folder, 'data'), { recursive: true })).toEqual(['database'])
    return error.problems.map(({ facts: found = [] }) => found.map((each) => each[1])).join()
  }
}

const key = fileOf('secret.key', 'a key')

test('a backup holds what its list says and nothing else, and no code that Node would run', async () => {
  const listed = { 'secret.key': 'a key' }
  const code = 'compiled-code/serve-1/v24/1'
  expect([
    await restored(factsOf({ ...listed, 'files/one': 'x' }), [key]),
    await restored(factsOf(listed), [key, fileOf('files/one', 'x')]),
    await restored(factsOf({ 'secret.key': 'another' }), [key]),
    await restored(factsOf({ ...listed, [code]: 'x' }), [key, fileOf(code, 'x')]),
    await restored(factsOf(listed), [key, fileOf(code, 'x')]),
    await restored(factsOf(listed, ['compiled-code']), [key]),
    await restored(factsOf(listed), [key, fileOf('.replaced/secret.key', 'x')]),
    await restored(factsOf(listed), [key, fileOf('../secret.key', 'x')]),
    await restored(factsOf(listed, ['../elsewhere']), [key]),
    await restored(factsOf(listed), [
      key,
      { header: { name: 'files', size: 0, type: 'symlink', linkname: '/etc' } },
    ]),
    await restored({ ...factsOf(listed), format: 2 }, [key]),
    await restored(factsOf(listed, ['database/rows']), [key]),
  ]).toMatchInlineSnapshot(`
    [
      "files/one is missing",
      "files/one is not on its list",
      "secret.key has other bytes than it was saved with",
      "no backup holds compiled-code/serve-1/v24/1",
      "no backup holds compiled-code/serve-1/v24/1",
      "no backup holds compiled-code",
      "no backup holds .replaced/secret.key",
      "../secret.key is no plain file",
      "its list is none of ours",
      "files is no plain file",
      "its list is none of ours",
      "Brought back 1 file of test, core 1.0.0.
    ",
    ]
  `)
  expect(readdirSync(join(folder, 'data'), { recursive: true }).toSorted()).toEqual([
    'database',
    'database/rows',
    'secret.key',
  ])
})

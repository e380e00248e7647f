import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tellFailure } from './failure.ts'
import { newCommand } from './plugin-new.ts'

const folder = mkdtempSync(join(tmpdir(), 'compose-new-'))
const before = process.cwd()
beforeAll(() => process.chdir(folder))
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true })
})

async function run(...words: readonly string[]) {
  let told = ''
  let printed = ''
  const command = {
    words,
    flags: { frozen: false, json: false, quiet: true },
    print: (text: string) => void (printed += text),
    tell: (text: string) => void (told += text),
  }
  const exit = await newCommand(command).catch((error: unknown) => tellFailure(error, command, ''))
  return { exit, printed, told: told.trim() }
}

test('a new plugin has all that it takes to build and check it', async () => {
  expect(await run('gift-cards')).toEqual({ exit: 0, printed: 'gift-cards\n', told: '' })
  expect(
    readdirSync('gift-cards', { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name))
      .toSorted(),
  ).toEqual([
    'gift-cards/.gitignore',
    'gift-cards/admin/NotesPage.vue',
    'gift-cards/api/routes.ts',
    'gift-cards/migrations/0001_notes.sql',
    'gift-cards/package.json',
    'gift-cards/plugin.yaml',
    'gift-cards/selection.yaml',
    'gift-cards/store/NotesPage.vue',
    'gift-cards/tsconfig.json',
  ])
})

test('it is checked by the tools that check this house', () => {
  const tools = (file: string) =>
    (JSON.parse(readFileSync(file, 'utf8')) as { devDependencies: Record<string, string> }) // npm's own format
      .devDependencies
  const own = tools(join(import.meta.dirname, '../../../package.json'))
  const given = tools('gift-cards/package.json')
  expect({ typescript: given['typescript'], 'vue-tsc': given['vue-tsc'] }).toEqual({
    typescript: own['typescript'],
    'vue-tsc': own['vue-tsc'],
  })
})

test('a name that no plugin may have, and a folder that holds something', async () => {
  writeFileSync(join('gift-cards', 'notes.txt'), 'mine')
  expect(await run('core')).toMatchObject({ exit: 1, printed: '' })
  expect([await run('Gift cards'), await run('gift-cards')]).toEqual([
    {
      exit: 1,
      printed: '',
      told: `✗ "Gift cards" is no name of a plugin.

  Nothing was written.

  Fix: Take words of small letters and digits with a - between them, at most 40 characters:
         compose plugin new gift-cards

  More: compose explain sources/not-a-plugin-name

1 problem.`,
    },
    {
      exit: 1,
      printed: '',
      told: `✗ gift-cards is there, and is not empty.

  Nothing was written.

  Fix: Take another name, or another folder with --out.

  More: compose explain sources/folder-not-empty

1 problem.`,
    },
  ])
})

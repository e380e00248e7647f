import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownPlugins } from '../house.ts'
import { tellFailure } from './failure.ts'
import { pluginAt } from './plugin-at.ts'
import { checkCommand } from './plugin-check.ts'
import { factProblems, writeFacts } from './plugin-facts.ts'
import { newCommand } from './plugin-new.ts'
import { packCommand } from './plugin-pack.ts'

const folder = mkdtempSync(join(tmpdir(), 'compose-facts-'))
const before = process.cwd()
beforeAll(() => {
  process.chdir(folder)
  mkdirSync('ledger')
  writeFileSync(
    'ledger/plugin.yaml',
    'name: ledger\nversion: 2.1.0\ntitle: Ledger\ndescription: Books.\nauthor: A shop\nlicense: MIT\nrequires: { plugins: { rates: ^1.0.0 }, bitcartcc: ^1.0.0 }\nprovides: [books]\ncontributes: {}\n',
  )
})
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true })
})

const says = (packageJson: object) =>
  writeFileSync('ledger/package.json', `${JSON.stringify(packageJson, null, 2)}\n`)

async function run(command: typeof checkCommand) {
  let told = ''
  const asked = {
    words: ['ledger'],
    flags: { frozen: false, json: false, quiet: true },
    print: (text: string) => void (told += text),
    tell: (text: string) => void (told += text),
  }
  const exit = await command(asked).catch((error: unknown) => tellFailure(error, asked, ''))
  return { exit, told: told.trim() }
}

test('a package.json that says otherwise than plugin.yaml is refused, and types mends it', async () => {
  const books = { name: '@shop/ledger', version: '2.0.0', license: 'MIT' }
  says({ ...books, bitcartcc: { name: 'ledger', requires: { bitcartcc: '^1.0.0' } } })
  const refused = await run(checkCommand)
  expect(refused).toEqual({
    exit: 1,
    told: `✗ ledger/package.json does not say what plugin.yaml says.

    A registry tells of a plugin by its package.json: with another one, versions
      would be chosen that do not fit.

    package.json   requires   {"bitcartcc":"^1.0.0"}
    plugin.yaml    requires   {"bitcartcc":"^1.0.0","plugins":{"rates":"^1.0.0"}}
    package.json   provides   is not there
    plugin.yaml    provides   ["books"]
    package.json   version    "2.0.0"
    plugin.yaml    version    "2.1.0"

  Nothing was written.

  Fix: Write it anew:   compose plugin types

  More: compose explain check/other-facts

1 problem.`,
  })
  expect(await run(packCommand)).toEqual(refused)
  expect(await writeFacts(pluginAt('ledger'))).toBe('ledger/package.json')
  expect(JSON.parse(readFileSync('ledger/package.json', 'utf8'))).toEqual({
    ...books,
    version: '2.1.0',
    bitcartcc: {
      name: 'ledger',
      requires: { plugins: { rates: '^1.0.0' }, bitcartcc: '^1.0.0' },
      provides: ['books'],
    },
  })
  expect(factProblems(pluginAt('ledger'))).toEqual([])
  expect(await writeFacts(pluginAt('ledger'))).toBeUndefined()
})

test('one that goes to no registry need not say anything', () => {
  says({ private: true, version: '9.0.0' })
  expect(factProblems(pluginAt('ledger'))).toEqual([])
  rmSync('ledger/package.json')
  expect(factProblems(pluginAt('ledger'))).toEqual([])
})

test('a new plugin and those we ship say what they require', async () => {
  const silent = { frozen: false, json: false, quiet: true }
  const ignored = () => undefined
  await newCommand({ words: ['gift-cards'], flags: silent, print: ignored, tell: ignored })
  const all = ['gift-cards', ...readdirSync(ownPlugins).map((name) => join(ownPlugins, name))]
  for (const each of all) {
    const plugin = pluginAt(each)
    expect(plugin.bytes.get('package.json')?.toString()).toContain('"bitcartcc": {')
    expect(factProblems(plugin)).toEqual([])
  }
})

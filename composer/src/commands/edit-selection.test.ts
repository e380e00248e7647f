import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addCommand } from './add.ts'
import type { RunCommand } from './command.ts'
import { tellFailure } from './failure.ts'
import { initCommand } from './init.ts'
import { lockCommand } from './plan.ts'
import { removeCommand } from './remove.ts'
import { asItWas, asJson } from './test-json.ts'

let home: string
let cwd: string
beforeEach(async () => {
  home = process.cwd()
  cwd = await mkdtemp(join(tmpdir(), 'compose-edit-'))
  process.chdir(cwd)
})
afterEach(async () => {
  process.chdir(home)
  await rm(cwd, { recursive: true, force: true })
})

const selection = () => readFile('selection.yaml', 'utf8')

/** Runs a command as a person would; gives its status and all it said. */
async function run(command: RunCommand, ...words: readonly string[]) {
  let said = ''
  const say = (text: string) => void (said += text)
  const asked = { words, flags: { frozen: false, json: false, quiet: true }, print: say, tell: say }
  const exit = await command(asked).catch((error: unknown) => tellFailure(error, asked))
  return { exit, said: said.trim() }
}

const begun = `# What this distribution is made of.
distribution: shop
core: ^1.0.0
plugins: {}
# images: tags takes the images of docker-compose.yml as they come; images: pinned asks for a digest of each.
deployment: { host: localhost, mode: one-domain, database: embedded, proxy: caddy, images: tags }
`

test('init begins a selection, and writes over none', async () => {
  expect(await run(initCommand, 'shop')).toEqual({ exit: 0, said: 'selection.yaml' })
  expect(await selection()).toBe(begun)
  expect(await run(initCommand, 'shop')).toEqual({
    exit: 1,
    said: `✗ selection.yaml is already there.

  Fix: Add a plugin to it:   compose add ratings
       Or make another in an empty folder.

  More: compose explain selection/already-there

1 problem. Nothing was built.`,
  })
})

test('init leaves nothing behind where the name cannot be', async () => {
  expect(await run(initCommand, 'No Such Name')).toEqual({
    exit: 1,
    said: `✗ "No Such Name" is no name of a distribution.

  Nothing was written.

  Fix: Take words of small letters and digits with a - between them, at most 40 characters:
         compose init no-such-name

  More: compose explain selection/wrong-value

1 problem. Nothing was built.`,
  })
  expect(await readdir('.')).toEqual([])
})

test('add selects at the newest version or as asked, and keeps what is written', async () => {
  const commented = begun.replace('\ndeployment', '\n# where it runs\ndeployment')
  await writeFile('selection.yaml', commented)
  expect(await run(addCommand, 'ratings', 'status-page@1.x')).toEqual({
    exit: 0,
    said: 'ratings: ^1.0.0\nstatus-page: 1.x',
  })
  expect(await selection()).toBe(
    commented.replace('plugins: {}', 'plugins:\n  ratings: ^1.0.0\n  status-page: 1.x'),
  )
})

test.each([
  [
    'ratinqs',
    `✗ No source has a plugin named ratinqs.

  The selection is as it was.

  Fix: Write   compose add ratings

  More: compose explain selection/not-offered

1 problem. Nothing was built.`,
  ],
  [
    'zebra',
    `✗ No source has a plugin named zebra.

  The selection is as it was.

  Fix: Put the plugin into ./plugins, or name where it is under sources in the selection.

  More: compose explain selection/not-offered

1 problem. Nothing was built.`,
  ],
  [
    'ratings@^9',
    `✗ No version of ratings fits ^9.

    Because your selection needs ratings ^9, and the sources have ratings 1.0.0,
      no versions fit.

    compose add   ratings@^9

  The selection is as it was.

  Fix: ratings 1.0.0 fits, with everything else as you asked.
       Write   compose add ratings@^1.0.0

  More: compose explain resolve/no-versions-fit

1 problem. Nothing was built.`,
  ],
  [
    'Gift Cards@1',
    `✗ "Gift Cards" is no name of a plugin.

  Nothing was written.

  Fix: Take words of small letters and digits with a - between them, at most 40 characters:
         compose add gift-cards

  More: compose explain sources/not-a-plugin-name

1 problem. Nothing was built.`,
  ],
  [
    'ratings@xyz',
    `✗ "xyz" is not a range of versions.

    compose add   ratings@xyz

  The selection is as it was.

  Fix: Write   compose add ratings@^1.0.0

  More: compose explain selection/not-a-range

1 problem. Nothing was built.`,
  ],
])('add %s is refused, and changes nothing', async (word, said) => {
  await writeFile('selection.yaml', begun)
  expect(await run(addCommand, word)).toEqual({ exit: 1, said })
  expect([await selection(), await readdir('.')]).toEqual([begun, ['selection.yaml']])
})

const full = `distribution: shop
core: ^1.0.0
plugins:
  ratings: ^1.0.0 # stars
  status-page: ^1.0.0
settings:
  ratings: { minimum: 2 }
deployment: { images: tags }
`

test('what is selected is not added, and what is not is not removed', async () => {
  await writeFile('selection.yaml', full)
  expect(await run(addCommand, 'ratings')).toEqual({
    exit: 1,
    said: `✗ ratings is already selected.

    selection.yaml:4   ratings: ^1.0.0

  Fix: For another version change the range in selection.yaml:4.

  More: compose explain selection/already-selected

1 problem. Nothing was built.`,
  })
  expect(await run(removeCommand, 'ratinqs')).toEqual({
    exit: 1,
    said: `✗ selection.yaml does not select ratinqs.

  Fix: Write   compose remove ratings

  More: compose explain selection/not-selected

1 problem. Nothing was built.`,
  })
  expect(await selection()).toBe(full)
})

test('remove takes a plugin and its settings out, keeps what it stored, and add takes that up again', async () => {
  await writeFile('selection.yaml', full)
  await run(lockCommand)
  expect(await run(removeCommand, 'ratings')).toEqual({ exit: 0, said: 'ratings' })
  const without = 'distribution: shop\ncore: ^1.0.0\nplugins:\n  status-page: ^1.0.0\n'
  const rest = 'deployment: { images: tags }\n'
  expect(await selection()).toBe(`${without}${rest}removed:\n  ratings: keep\n`)
  await run(addCommand, 'ratings')
  expect(await selection()).toBe(`${without}  ratings: ^1.0.0\n${rest}`)
})

test('remove leaves what another plugin requires', async () => {
  await writeFile(
    'selection.yaml',
    full.replace('  status-page', '  loyalty: { path: ./loyalty }\n  status-page'),
  )
  await mkdir('loyalty')
  await writeFile(
    'loyalty/plugin.yaml',
    `name: loyalty
version: 1.0.0
title: Loyalty
description: Shows one thing.
author: BitcartCC
license: MIT
requires: { bitcartcc: ^1.0.0, plugins: { ratings: ^1.0.0 } }
contributes: {}
`,
  )
  const before = await selection()
  expect(await run(removeCommand, 'ratings')).toEqual({
    exit: 1,
    said: `✗ ratings would come back: another plugin requires it.

    loyalty 1.0.0 plugin.yaml:7   ratings: ^1.0.0

  The selection is as it was.

  Fix: Remove what requires it as well, in one go:   compose remove ratings …

  More: compose explain selection/still-needed

1 problem. Nothing was built.`,
  })
  expect(await selection()).toBe(before)
})

test('init --json gives the selection and the name, and a problem', async () => {
  expect(await asJson(initCommand, ['shop'])).toEqual({
    exit: 0,
    value: { selection: 'selection.yaml', name: 'shop' },
    told: '',
  })
  expect(await asJson(initCommand, ['shop'])).toEqual({
    exit: 1,
    value: {
      problems: [
        {
          code: 'selection/already-there',
          says: 'selection.yaml is already there.',
          fix: ['Add a plugin to it:   compose add ratings', 'Or make another in an empty folder.'],
        },
      ],
    },
    told: '',
  })
})

test('add and remove --json give the ranges, and what the next build locks otherwise', async () => {
  const plugin = (name: string, more: string) =>
    `name: ${name}\nversion: 1.2.0\ntitle: ${name}\ndescription: Shows one thing.\nauthor: A shop\nlicense: MIT\nrequires: { bitcartcc: ^1.0.0${more} }\ncontributes: {}\n`
  await mkdir('plugins/ledger', { recursive: true })
  await mkdir('plugins/loyalty')
  await writeFile('plugins/ledger/plugin.yaml', plugin('ledger', ''))
  await writeFile(
    'plugins/loyalty/plugin.yaml',
    `${plugin('loyalty', ', plugins: { ledger: ^1.0.0 }')}permissions: { loyalty.manage: Give points }\n`,
  )
  await writeFile('selection.yaml', begun)
  const change = (name: string, from: string | null, to: string | null) => ({
    ...asItWas,
    name,
    from,
    to,
    source: to === null ? null : { from: null, to: `plugins/${name}` },
    license: to === null ? null : { from: null, to: 'MIT' },
  })
  expect(await asJson(addCommand, ['loyalty'])).toEqual({
    exit: 0,
    value: {
      selection: 'selection.yaml',
      added: [{ name: 'loyalty', range: '^1.2.0', version: '1.2.0' }],
      changes: [
        change('ledger', null, '1.2.0'),
        {
          ...change('loyalty', null, '1.2.0'),
          permissions: { added: ['loyalty.manage'], removed: [] },
        },
      ],
    },
    told: '',
  })
  await run(lockCommand)
  expect(await asJson(removeCommand, ['loyalty'])).toEqual({
    exit: 0,
    value: {
      selection: 'selection.yaml',
      removed: [{ name: 'loyalty', range: '^1.2.0', isKept: true }],
      changes: [change('ledger', '1.2.0', null), change('loyalty', '1.2.0', null)],
    },
    told: '',
  })
})

test('add and remove --json tell what is refused as every command', async () => {
  await writeFile('selection.yaml', begun)
  expect([await asJson(addCommand, ['ratinqs']), await asJson(removeCommand, ['ratings'])]).toEqual(
    [
      {
        exit: 1,
        value: {
          problems: [
            {
              code: 'selection/not-offered',
              says: 'No source has a plugin named ratinqs.',
              kept: 'The selection is as it was.',
              fix: ['Write   compose add ratings'],
            },
          ],
        },
        told: '',
      },
      {
        exit: 1,
        value: {
          problems: [
            {
              code: 'selection/not-selected',
              says: 'selection.yaml does not select ratings.',
              fix: ['See what it selects:   compose list'],
            },
          ],
        },
        told: '',
      },
    ],
  )
  expect(await selection()).toBe(begun)
})

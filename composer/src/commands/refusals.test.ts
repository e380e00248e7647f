import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogCommand } from './catalog.ts'
import { Refused } from '@bitcartcc/sdk/problem'
import { commands, type CommandName } from './all.ts'
import type { RunCommand } from './command.ts'
import { explainCommand } from './explain.ts'
import { asTyped, tellFailure } from './failure.ts'
import { planCommand } from './plan.ts'
import { inspectCommand } from './plugin-inspect.ts'
import { startCommand } from './start.ts'
import { whyCommand } from './why.ts'

// What a word too many or too few on the command line is told; what a selection is told lies in test/samples.

const home = process.cwd()
let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'compose-refusals-')))
  process.env['COMPOSE_CACHE_DIR'] = join(folder, 'cache')
  process.chdir(folder)
})
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

/** The whole text that a command which is refused tells. */
async function told(run: RunCommand, ...words: readonly string[]): Promise<string> {
  let text = ''
  const command = {
    words,
    flags: { frozen: false, json: false, quiet: true, out: 'public' },
    print: () => {},
    tell: (more: string) => void (text += more),
  }
  const exit = await run(command).catch((error: unknown) => tellFailure(error, command, ''))
  expect(exit).toBe(1)
  return text
}

test('explain of a code that there is not names the nearest, or the list', async () => {
  expect(await told(explainCommand, 'plan/port-conflit')).toMatchInlineSnapshot(`
    "
    ✗ There is no problem with the code plan/port-conflit.

      Fix: Write   compose explain plan/port-conflict

      More: compose explain explain/unknown-code

    1 problem.
    "
  `)
  expect(await told(explainCommand, 'weather/rain')).toMatchInlineSnapshot(`
    "
    ✗ There is no problem with the code weather/rain.

      Fix: See all codes:   compose explain

      More: compose explain explain/unknown-code

    1 problem.
    "
  `)
})

test('a selection that is not there', async () => {
  expect(await told(planCommand)).toMatchInlineSnapshot(`
    "
    ✗ There is no selection at selection.yaml.

      Fix: Name the one you have:   compose build shop/selection.yaml
           or begin one here:       compose init

      More: compose explain selection/not-found

    1 problem.
    "
  `)
})

test('a selection that is not there is named to the command that was typed, and the one that is there', async () => {
  const fix = async (name: CommandName, ...words: readonly string[]) => {
    const command = { words, flags: { frozen: false, json: false, quiet: true }, print: () => {} }
    const run = await commands[name].load()
    const refused = await run({ ...command, tell: () => {} }).catch((error: unknown) =>
      asTyped(error, name, words),
    )
    if (!(refused instanceof Refused)) throw refused
    return refused.problems.flatMap(({ says, fix: [first = ''] }) => [says, first])
  }
  const asked = async () => [
    await fix('build'),
    await fix('plan', 'shop.yaml'),
    await fix('why', 'ledger'),
    await fix('update', 'loyalty', 'shop/selecton.yaml', 'ledger'),
    await fix('list', 'shop'),
  ]
  mkdirSync('shop')
  expect(await asked()).toMatchInlineSnapshot(`
    [
      [
        "There is no selection at selection.yaml.",
        "Name the one you have:   compose build shop/selection.yaml",
      ],
      [
        "There is no selection at shop.yaml.",
        "Name the one you have:   compose plan shop/selection.yaml",
      ],
      [
        "There is no selection at selection.yaml.",
        "Name the one you have:   compose why ledger shop/selection.yaml",
      ],
      [
        "There is no selection at shop/selecton.yaml.",
        "Name the one you have:   compose update loyalty ledger shop/selection.yaml",
      ],
      [
        "shop is a folder, and a selection is a file.",
        "Name the one you have:   compose list shop/selection.yaml",
      ],
    ]
  `)
  writeFileSync('shop/selection.yaml', 'distribution: shop\n')
  writeFileSync('cafe.yml', 'distribution: cafe\n')
  expect(await asked()).toMatchInlineSnapshot(`
    [
      [
        "There is no selection at selection.yaml.",
        "Name the one that is there:   compose build cafe.yml",
      ],
      [
        "There is no selection at shop.yaml.",
        "Name the one that is there:   compose plan cafe.yml",
      ],
      [
        "There is no selection at selection.yaml.",
        "Name the one that is there:   compose why ledger cafe.yml",
      ],
      [
        "There is no selection at shop/selecton.yaml.",
        "Name the one that is there:   compose update loyalty ledger shop/selection.yaml",
      ],
      [
        "shop is a folder, and a selection is a file.",
        "Name the one that is there:   compose list shop/selection.yaml",
      ],
    ]
  `)
  rmSync('cafe.yml')
  rmSync('shop', { recursive: true })
})

test('why of a name that the distribution does not have', async () => {
  writeFileSync(
    'selection.yaml',
    'distribution: shop\ncore: ^1.0.0\nplugins: { ratings: ^1.0.0 }\ndeployment: { images: tags }\n',
  )
  expect(await told(whyCommand, 'ratngs')).toMatchInlineSnapshot(`
    "
    ✗ Nothing in this distribution is named ratngs.

      Fix: Write   compose why ratings

      More: compose explain why/unknown-name

    1 problem.
    "
  `)
  expect(await told(whyCommand, 'services.weather')).toMatchInlineSnapshot(`
    "
    ✗ Nothing in this distribution is named services.weather.

      Fix: Name one of its plugins, or a path of docker-compose.yml:   compose why services.api.image

      More: compose explain why/unknown-name

    1 problem.
    "
  `)
})

test('start where there are two distributions', async () => {
  for (const name of ['cafe', 'shop']) {
    mkdirSync(join('dist', name), { recursive: true })
    writeFileSync(join('dist', name, 'server.js'), '')
  }
  expect(await told(startCommand)).toMatchInlineSnapshot(`
    "
    ✗ dist/ holds 2 distributions.

        dist/cafe
        dist/shop

      Fix: Name one:   compose start dist/cafe

      More: compose explain start/which-one

    1 problem.
    "
  `)
})

test('inspect of what is no plugin', async () => {
  expect(await told(inspectCommand, 'nowhere')).toMatchInlineSnapshot(`
    "
    ✗ nowhere is neither an archive nor a folder with a plugin.yaml.

      Fix: Name the folder of the plugin, or its archive.

      More: compose explain sources/no-plugin

    1 problem.
    "
  `)
})

test('a catalogue where nothing can be written', async () => {
  mkdirSync('plugins/loyalty', { recursive: true })
  writeFileSync(
    'plugins/loyalty/plugin.yaml',
    'name: loyalty\nversion: 1.0.0\ntitle: Loyalty\ndescription: Points.\nauthor: BitcartCC\nlicense: MIT\nrequires: { bitcartcc: ^1.0.0 }\ncontributes: {}\n',
  )
  writeFileSync('public', 'a file')
  expect((await told(catalogCommand, 'plugins')).replaceAll(folder, '…')).toMatchInlineSnapshot(`
    "
    ✗ public cannot be written: a file stands where its folder should be.

        system   ENOTDIR: not a directory, mkdir 'public/loyalty'

      Fix: Make the folder, give this user the right to write there, or name another with --out.

      More: compose explain package/cannot-write

    1 problem.
    "
  `)
})

test('catalog of a folder that holds no plugin', async () => {
  mkdirSync('shelf')
  expect(await told(catalogCommand, 'shelf')).toMatchInlineSnapshot(`
    "
    ✗ There is no archive and no plugin folder in shelf.

      No catalogue was written.

      Fix: Name the folder that holds the archives.

      More: compose explain sources/no-plugins

    1 problem.
    "
  `)
})

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

test('explain of a stage lists its codes, and of the end of one finds the rest', async () => {
  let printed = ''
  const print = (text: string) => void (printed += text)
  const flags = { frozen: false, json: false, quiet: true }
  await explainCommand({ words: ['verify'], flags, print, tell: print })
  expect(printed).toBe('verify/added\nverify/gone\nverify/no-sums\nverify/other-bytes\n')
  expect(await told(explainCommand, 'port-conflit')).toBe(
    await told(explainCommand, 'plan/port-conflit').then((text) =>
      text.replace('the code plan/', 'the code '),
    ),
  )
})

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

/** What a command that is refused says, and the first thing that it advises. */
async function advice(name: CommandName, ...words: readonly string[]): Promise<readonly string[]> {
  const run = await commands[name].load()
  const flags = { frozen: false, json: false, quiet: true }
  const command = { words, flags, print: () => {}, tell: () => {} }
  const refused = await Promise.resolve()
    .then(() => run(command))
    .catch((error: unknown) => asTyped(error, name, words))
  if (!(refused instanceof Refused)) throw refused
  return refused.problems.flatMap(({ says, fix: [first = ''] }) => [says, first])
}

test('a selection that is not there is named to the command that was typed, and the one that is there', async () => {
  const asked = async () => [
    await advice('build'),
    await advice('plan', 'shop.yaml'),
    await advice('why', 'ledger'),
    await advice('update', 'loyalty', 'shop/selecton.yaml', 'ledger'),
    await advice('list', 'shop'),
    await advice('build', 'shop'),
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
      [
        "shop is a folder, and a selection is a file.",
        "Name the one you have:   compose build shop/selection.yaml",
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
      [
        "shop is a folder, and a selection is a file.",
        "Name the one that is there:   compose build shop/selection.yaml",
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

test('what is to be typed names the selection that was typed', async () => {
  writeFileSync(
    'cafe.yaml',
    'distribution: cafe\ncore: ^1.0.0\nplugins: { ratings: ^1.0.0 }\ndeployment: { images: tags }\n',
  )
  expect([
    await advice('remove', 'weather', 'cafe.yaml'),
    await advice('remove', 'ratngs', 'cafe.yaml'),
    await advice('why', 'ratngs', 'cafe.yaml'),
    await advice('update', 'weather', 'cafe.yaml'),
    await advice('update', 'weather'),
  ]).toMatchInlineSnapshot(`
    [
      [
        "cafe.yaml does not select weather.",
        "See what it selects:   compose list cafe.yaml",
      ],
      [
        "cafe.yaml does not select ratngs.",
        "Write   compose remove ratings cafe.yaml",
      ],
      [
        "Nothing in this distribution is named ratngs.",
        "Write   compose why ratings cafe.yaml",
      ],
      [
        "The distribution of cafe.yaml has no plugin named weather.",
        "See what it has:   compose list cafe.yaml",
      ],
      [
        "The distribution of selection.yaml has no plugin named weather.",
        "See what it has:   compose list",
      ],
    ]
  `)
})

test('a distribution that is elsewhere than was named', async () => {
  mkdirSync('elsewhere/dist/shop/public', { recursive: true })
  writeFileSync('elsewhere/dist/shop/server.js', '')
  const asked = async () => [
    await advice('start'),
    await advice('start', '.'),
    await advice('backup', 'shop.tgz', 'elsewhere'),
    await advice('verify', 'elsewhere/dist'),
    await advice('env', 'elsewhere/dist/shop/server.js'),
    await advice('doctor', 'shop'),
  ]
  expect(await asked()).toMatchInlineSnapshot(`
    [
      [
        "There is no distribution in dist.",
        "Build one first:   compose build",
      ],
      [
        "There is no distribution in this folder.",
        "Build one first:   compose build",
      ],
      [
        "There is no distribution in elsewhere.",
        "Name the one that is there:   compose backup shop.tgz elsewhere/dist/shop",
      ],
      [
        "There is no distribution in elsewhere/dist.",
        "Name the one that is there:   compose verify elsewhere/dist/shop",
      ],
      [
        "There is no distribution in elsewhere/dist/shop/server.js.",
        "Name the one that is there:   compose env elsewhere/dist/shop",
      ],
      [
        "There is no distribution in shop.",
        "Build one first:   compose build",
      ],
    ]
  `)
  process.chdir('elsewhere')
  expect(await advice('start', 'shop')).toMatchInlineSnapshot(`
    [
      "There is no distribution in shop.",
      "Name the one that is there:   compose start dist/shop",
    ]
  `)
  process.chdir('dist')
  expect(await advice('start')).toMatchInlineSnapshot(`
    [
      "There is no distribution in dist.",
      "Name the one that is there:   compose start shop",
    ]
  `)
  process.chdir('shop')
  expect(await advice('start')).toMatchInlineSnapshot(`
    [
      "There is no distribution in dist.",
      "Name the one that is there:   compose start .",
    ]
  `)
  process.chdir(folder)
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

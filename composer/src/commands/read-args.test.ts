import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandNames, commands, options } from './all.ts'
import { readArgs } from './read-args.ts'

/** All that is said of a command line that is not taken. */
function said(line: string): string {
  const asked = readArgs(line.split(' ').filter((word) => word !== ''))
  return 'wrong' in asked ? asked.wrong : JSON.stringify(asked)
}

test('an option that a command does not have names the nearest, and what it has', () => {
  expect(said('build --frozn')).toMatchInlineSnapshot(`
    "compose build has no option --frozn. Did you mean   --frozen

      compose build [selection.yaml]
      --out DIR, --against LOCK, --frozen, --relock, --offline, --json, --quiet

      More: compose build --help"
  `)
  expect(said('list --frozen')).toMatchInlineSnapshot(`
    "compose list has no option --frozen.

      compose list [selection.yaml]
      --tree, --offline, --json

      More: compose list --help"
  `)
  expect(said('start -x')).toMatchInlineSnapshot(`
    "compose start has no option -x.

      compose start [dist/NAME]

      More: compose start --help"
  `)
  expect(said('plugin inspect --jsn ratings')).toMatchInlineSnapshot(`
    "compose plugin inspect has no option --jsn. Did you mean   --json

      compose plugin inspect [FILE|FOLDER]
      --json

      More: compose plugin inspect --help"
  `)
})

test('words that a command has no use for are not passed over', () => {
  expect(said('build a.yaml b.yaml')).toMatchInlineSnapshot(`
    "compose build has no use for b.yaml.

      compose build [selection.yaml]
      --out DIR, --against LOCK, --frozen, --relock, --offline, --json, --quiet

      More: compose build --help"
  `)
  expect(said('start x y z')).toMatchInlineSnapshot(`
    "compose start has no use for y z.

      compose start [dist/NAME]

      More: compose start --help"
  `)
  expect(said('update loyalty a.yaml ledger b.yml')).toMatchInlineSnapshot(`
    "compose update has no use for b.yml.

      compose update [NAME]… [selection.yaml]
      --dry-run, --yes, --out DIR, --offline, --json, --quiet

      More: compose update --help"
  `)
  expect(said('stack restore shop.tgz dist/shop now')).toMatchInlineSnapshot(`
    "compose stack restore has no use for now.

      compose stack restore FILE [dist/NAME]
      --replace

      More: compose stack restore --help"
  `)
})

test('an empty word is what becomes of a variable that is not set', () => {
  expect(readArgs(['build', ''])).toMatchInlineSnapshot(`
    {
      "wrong": "compose build was given an empty word: is a variable of the shell not set?

      compose build [selection.yaml]
      --out DIR, --against LOCK, --frozen, --relock, --offline, --json, --quiet

      More: compose build --help",
    }
  `)
})

test('what a command cannot do without is asked for', () => {
  expect(said('why')).toMatchInlineSnapshot(`
    "compose why needs NAME.

      compose why NAME [selection.yaml]
      --offline, --json

      More: compose why --help"
  `)
  expect(said('remove shop.yaml').split('\n')[0]).toBe('compose remove needs NAME.')
  expect(said('add --quiet')).toMatchInlineSnapshot(`
    "compose add needs NAME.

      compose add NAME[@RANGE]… [selection.yaml]
      --out DIR, --offline, --json, --quiet

      More: compose add --help"
  `)
  expect(said('catalog')).toMatchInlineSnapshot(`
    "compose catalog needs FOLDER and --out DIR.

      compose catalog FOLDER --out DIR
      --json, --quiet

      More: compose catalog --help"
  `)
  expect(said('stack backup')).toMatchInlineSnapshot(`
    "compose stack backup needs FILE.

      compose stack backup FILE [dist/NAME]
      --json

      More: compose stack backup --help"
  `)
})

test('a value too few and one too many', () => {
  const first = (line: string) => said(line).split('\n')[0]
  expect(
    [
      'build --out',
      'build --out --frozen',
      'build --out=',
      'build --frozen=yes',
      'build --out a --out b',
      '--frozen build',
    ].map(first),
  ).toMatchInlineSnapshot(`
    [
      "--out needs a value: --out DIR.",
      "--out needs a value: --out DIR.",
      "--out needs a value: --out DIR.",
      "--frozen takes no value.",
      "--out is given twice.",
      "compose has no option --frozen. Did you mean   compose build --frozen",
    ]
  `)
  expect(readArgs(['build', '--out=-shop'])).toMatchObject({ flags: { out: '-shop' } })
})

test('a command that there is not names the nearest', () => {
  expect(
    ['buidl', 'help buidl', 'constructor', '--json', 'plugin nw', 'help stack bakup', 'plugin'].map(
      said,
    ),
  ).toMatchInlineSnapshot(`
    [
      "compose has no command named buidl. Did you mean   compose build

      More: compose --help",
      "compose has no command named buidl. Did you mean   compose build

      More: compose --help",
      "compose has no command named constructor.

      More: compose --help",
      "compose has no option --json.

      More: compose --help",
      "compose plugin has no command named nw. Did you mean   compose plugin new

      More: compose plugin --help",
      "compose stack has no command named bakup. Did you mean   compose stack backup

      More: compose stack --help",
      "compose plugin needs one of: new, types, check, pack, inspect.

      More: compose plugin --help",
    ]
  `)
})

test('help and version are there under every name that people try', () => {
  const asked = (line: string) => readArgs(line.split(' ').filter((word) => word !== ''))
  expect(['', '-h', '--help', 'help'].map(asked)).toEqual(
    Array.from({ length: 4 }, () => ({ helpOf: undefined })),
  )
  expect(['build -h', 'build a b --frozn --help', 'help build'].map(asked)).toEqual(
    Array.from({ length: 3 }, () => ({ helpOf: 'build' })),
  )
  expect(['plugin --help', 'help plugin', 'help plugin pack'].map(asked)).toEqual([
    { helpOf: 'plugin' },
    { helpOf: 'plugin' },
    { helpOf: 'plugin pack' },
  ])
  expect(['-v', '--version', 'version'].map(asked)).toEqual(
    Array.from({ length: 3 }, () => ({ isVersion: true })),
  )
})

test('what follows run is for the command of the plugin', () => {
  expect(readArgs(['run', 'ratings:recount', '--json', '--help', '--', 'x'])).toMatchObject({
    name: 'run',
    words: ['ratings:recount', '--json', '--help', '--', 'x'],
  })
})

test('what follows -- is words', () => {
  expect(readArgs(['build', '--quiet', '--', '--shop.yaml'])).toMatchObject({
    name: 'build',
    words: ['--shop.yaml'],
    flags: { quiet: true, json: false },
  })
})

test('the help of a command says the words and options that it takes, and its exit statuses', () => {
  const ofHelp = Map.groupBy(commandNames, (name) => name.split(' ')[0] ?? '')
  const told = [...ofHelp].map(([file, names]) => {
    const text = readFileSync(join(import.meta.dirname, `../help/${file}.txt`), 'utf8')
    const [usage = ''] = text.split('\n')
    return {
      file,
      usage: usage.replace(/ --[a-z]+ [A-Z]+$/, ''),
      options: [...text.matchAll(/^ {2}--([a-z-]+)(?: [A-Z]+)? {2}/gm)]
        .map(([, each]) => each)
        .toSorted(),
      hasExit: /^Exit: 0 .* 2 wrong usage(?: · |\n {6}3 .* · )70 a bug/m.test(text),
      verbs: names
        .filter((name) => name !== file)
        .filter(
          (name) => !text.includes(`\n  ${name.slice(file.length + 1)} ${commands[name].words} `),
        ),
    }
  })
  const wanted = [...ofHelp].map(([file, names]) => ({
    file,
    usage: `compose ${file} ${names.includes(file as never) ? commands[file as 'build'].words : 'COMMAND'}`,
    options: [...new Set(names.flatMap((name) => commands[name].options))].toSorted(),
    hasExit: true,
    verbs: [],
  }))
  expect(told).toEqual(wanted)
  expect(Object.keys(options).toSorted()).toEqual(
    [...new Set(commandNames.flatMap((name) => commands[name].options))].toSorted(),
  )
})

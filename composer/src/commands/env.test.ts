import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EnvSchema } from '../model/env-schema.ts'
import { envCommand } from './env.ts'
import { tellFailure } from './failure.ts'
import { asJson } from './test-json.ts'

const schema: EnvSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Environment of shop',
  type: 'object',
  properties: {
    POSTGRES_PASSWORD: {
      type: 'string',
      title: 'Password of the database',
      'x-owner': 'core',
      writeOnly: true,
      'x-generated': 32,
      'x-docker-only': true,
    },
    RATINGS_MINIMUM: {
      type: 'string',
      title: 'Lowest rating',
      'x-owner': 'ratings',
      pattern: String.raw`^-?\d+$`,
    },
    SEARCH_KEY: { type: 'string', title: 'Key of the search', 'x-owner': 'search' },
    STATUS__TOKEN: { type: 'string', title: 'Token', 'x-owner': 'status', 'x-generated': 43 },
  },
  required: ['POSTGRES_PASSWORD', 'SEARCH_KEY'],
  patternProperties: { '^(COMPOSE|DOCKER)_': {} },
  additionalProperties: false,
}
const example = '# of shop\nPOSTGRES_PASSWORD=\n# RATINGS_MINIMUM=1\nSEARCH_KEY=\n'

const home = process.cwd()
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compose-env-'))
  process.chdir(folder)
  mkdirSync('dist/shop', { recursive: true })
  writeFileSync('dist/shop/server.js', '')
  writeFileSync('dist/shop/.env.example', example)
  writeFileSync('dist/shop/env.schema.json', JSON.stringify(schema))
})
afterEach(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

async function run(dryRun = false) {
  let told = ''
  let printed = ''
  const command = {
    words: [],
    flags: { frozen: false, json: false, quiet: true, dryRun },
    print: (text: string) => void (printed += text),
    tell: (text: string) => void (told += text),
  }
  // What it throws at once is told as what it throws later.
  const exit = await (async () => envCommand(command))().catch((error: unknown) =>
    tellFailure(error, command, ''),
  )
  return { exit, printed, told }
}
const dotEnv = () => readFileSync('.env', 'utf8')

test('it begins a .env of the example, makes up what can be, and says what only you can give', async () => {
  const first = await run()
  expect(first).toEqual({
    exit: 1,
    printed: '+ POSTGRES_PASSWORD\n+ STATUS__TOKEN\n',
    told: expect.stringContaining('✗ SEARCH_KEY has no value.') as string, // the whole of it is below
  })
  expect(dotEnv()).toMatch(
    /^# of shop\nPOSTGRES_PASSWORD=[\w-]{32}\n# RATINGS_MINIMUM=1\nSEARCH_KEY=\nSTATUS__TOKEN=[\w-]{43}\n$/,
  )
  expect(statSync('.env').mode & 0o777).toBe(0o600)
})

test('a value that is there stays to the byte, and a second run changes nothing', async () => {
  writeFileSync(
    '.env',
    'SEARCH_KEY=a:b@c/%41?&+=\nPOSTGRES_PASSWORD=mine\nCOMPOSE_PROJECT_NAME=x',
    {
      mode: 0o640,
    },
  )
  expect((await run()).exit).toBe(0)
  const after = dotEnv()
  expect(after).toMatch(
    /^SEARCH_KEY=a:b@c\/%41\?&\+=\nPOSTGRES_PASSWORD=mine\nCOMPOSE_PROJECT_NAME=x\nSTATUS__TOKEN=[\w-]{43}\n$/,
  )
  expect(await run()).toEqual({ exit: 0, printed: '', told: '' })
  expect([dotEnv(), statSync('.env').mode & 0o777]).toEqual([after, 0o640])
})

test('missing, unknown, twice given, wrong and corruptible values are refused at once, and no value is shown', async () => {
  const text = [
    'POSTGRES_PASSWORD=pa$word',
    'RATINGS_MINIMUM=many',
    'SEARCH_KEYS=x',
    'STATUS__TOKEN="quoted"',
    'STATUS__TOKEN=again ',
    'export SEARCH_KEY=x',
  ].join('\n')
  writeFileSync('.env', text)
  const { exit, printed, told } = await run(true)
  expect([exit, printed, dotEnv()]).toEqual([1, '', text])
  expect(told).toMatchInlineSnapshot(`
    "
    ✗ SEARCH_KEY has no value.

        .env   SEARCH_KEY: Key of the search

      Nothing was started.

      Fix: Write into .env   SEARCH_KEY=…

      More: compose explain env/missing-value

    ✗ A line is neither a variable nor a comment.

        .env:6

      Nothing was started.

      Fix: Write   NAME=value   on a line of its own, without spaces around the equals sign.

      More: compose explain env/corruptible-value

    ✗ STATUS__TOKEN is given 2 times.

        .env:4   STATUS__TOKEN
        .env:5   STATUS__TOKEN

      Nothing was started.

      Fix: Keep one of the lines.

      More: compose explain env/given-twice

    ✗ The value of POSTGRES_PASSWORD would not arrive as it is written.

        It holds $ which the editions of docker-compose and Node read differently.

        .env:1   POSTGRES_PASSWORD

      Nothing was started.

      Fix: Choose a value without   $ ' " \` \\ #   and without a space at an end.

      More: compose explain env/corruptible-value

    ✗ RATINGS_MINIMUM must be a whole number.

        .env:2   RATINGS_MINIMUM

      Nothing was started.

      Fix: Correct the value.

      More: compose explain env/wrong-value

    ✗ Nothing in this distribution reads SEARCH_KEYS.

        .env:3   SEARCH_KEYS

      Nothing was started.

      Fix: Write   SEARCH_KEY=…

      More: compose explain env/unknown-name

    ✗ The value of STATUS__TOKEN would not arrive as it is written.

        It holds " which the editions of docker-compose and Node read differently.

        .env:4   STATUS__TOKEN

      Nothing was started.

      Fix: Choose a value without   $ ' " \` \\ #   and without a space at an end.

      More: compose explain env/corruptible-value

    ✗ The value of STATUS__TOKEN would not arrive as it is written.

        It holds a space at an end.

        .env:5   STATUS__TOKEN

      Nothing was started.

      Fix: Choose a value without   $ ' " \` \\ #   and without a space at an end.

      More: compose explain env/corruptible-value

    8 problems.
    "
  `)
})

test('a folder that stands in its place, as Docker makes them, is no bug', async () => {
  mkdirSync('.env')
  expect(await run()).toMatchInlineSnapshot(`
    {
      "exit": 1,
      "printed": "",
      "told": "
    ✗ .env is a folder, and should be a file.

      Nothing was started.

      Fix: Take it away, and write the file:   rmdir .env && compose env

      More: compose explain env/a-folder

    1 problem.
    ",
    }
  `)
})

test('--json gives names and no value, and what was made up with what is refused', async () => {
  expect(await asJson(envCommand)).toEqual({
    exit: 1,
    value: {
      file: '.env',
      isWritten: true,
      made: ['POSTGRES_PASSWORD', 'STATUS__TOKEN'],
      withoutValue: ['RATINGS_MINIMUM'],
      ofDocker: [],
      problems: [
        {
          code: 'env/missing-value',
          says: 'SEARCH_KEY has no value.',
          facts: [['.env', 'SEARCH_KEY: Key of the search']],
          kept: 'Nothing was started.',
          fix: ['Write into .env   SEARCH_KEY=…'],
        },
      ],
    },
    told: '',
  })
  const mine = 'SEARCH_KEY=mine\nPOSTGRES_PASSWORD=mine\nCOMPOSE_PROJECT_NAME=x\n'
  writeFileSync('.env', mine)
  const looked = {
    file: '.env',
    isWritten: false,
    made: [],
    withoutValue: ['RATINGS_MINIMUM', 'STATUS__TOKEN'],
    ofDocker: ['COMPOSE_PROJECT_NAME'],
  }
  expect([await asJson(envCommand, [], { dryRun: true }), dotEnv()]).toEqual([
    { exit: 0, value: looked, told: '' },
    mine,
  ])
  const filled = { ...looked, withoutValue: ['RATINGS_MINIMUM'] }
  expect(await asJson(envCommand)).toEqual({
    exit: 0,
    value: { ...filled, isWritten: true, made: ['STATUS__TOKEN'] },
    told: '',
  })
  expect(await asJson(envCommand)).toEqual({ exit: 0, value: filled, told: '' })
})

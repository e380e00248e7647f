import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Flags, RunCommand } from './command.ts'
import { tellFailure } from './failure.ts'
import { listCommand } from './list.ts'
import { outdatedCommand } from './outdated.ts'
import { lockCommand } from './plan.ts'
import { updateCommand } from './update.ts'
import { asItWas, asJson } from './test-json.ts'
import { whyCommand } from './why.ts'

const home = process.cwd()
let world = ''
beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), 'compose-update-'))
  process.chdir(world)
  plugin('loyalty', '1.0.0', 'plugins: { ledger: ^1.0.0 }')
  plugin('ledger', '1.0.0')
  write(
    'selection.yaml',
    'distribution: shop\ncore: ^1.0.0\nplugins:\n  loyalty: ^1.0.0\ndeployment: { images: tags }\n',
  )
})
afterEach(() => {
  process.chdir(home)
  rmSync(world, { recursive: true })
})

function write(path: string, text: string) {
  mkdirSync(dirname(join(world, path)), { recursive: true })
  writeFileSync(join(world, path), text)
}

const plugin = (name: string, version: string, more = '', rest = '', license = 'MIT') =>
  write(
    `plugins/${name}-${version}/plugin.yaml`,
    `name: ${name}\nversion: ${version}\ntitle: ${name}\ndescription: Shows one thing.\nauthor: A test\nlicense: ${license}\nrequires: { bitcartcc: ^1.0.0${more === '' ? '' : `, ${more}`} }\ncontributes:${rest === '' ? ' {}' : ''}\n${rest}`,
  )

async function run(
  command: RunCommand,
  words: readonly string[] = [],
  flags: Partial<Flags> = {},
): Promise<string> {
  let said = ''
  const input = {
    words,
    flags: { frozen: false, json: false, quiet: true, ...flags },
    print: (text: string) => void (said += text),
    tell: (text: string) => void (said += text),
  }
  const exit = await command(input).catch((error: unknown) => tellFailure(error, input, ''))
  return `${said}${exit}`
}

/** Newer releases of both, one of them with everything an operator should hear about. */
function release() {
  plugin(
    'loyalty',
    '1.1.0',
    'plugins: { ledger: ^1.0.0 }',
    '  migrations: ./migrations\n  services: ./services/docker-compose.yml\npermissions: { loyalty.manage: Give points }\n',
    'GPL-3.0',
  )
  write(
    'plugins/loyalty-1.1.0/migrations/0001_points.sql',
    'CREATE TABLE p_loyalty.points (id bigint PRIMARY KEY);\n',
  )
  write(
    'plugins/loyalty-1.1.0/services/docker-compose.yml',
    `services:\n  points:\n    image: points:1@sha256:${'0'.repeat(64)}\n`,
  )
  write('plugins/loyalty-1.1.0/package.json', '{ "name": "loyalty", "type": "module" }\n')
  write('plugins/loyalty-1.1.0/api/rates.ts', "export const rates = () => fetch('http://rates')\n")
  plugin('ledger', '1.2.0')
  plugin('ledger', '2.0.0')
}

test('what is locked stays, until an update asks for more', async () => {
  expect(await run(updateCommand, [], { dryRun: true })).toBe('+ ledger 1.0.0\n+ loyalty 1.0.0\n0')
  await run(lockCommand)
  release()
  expect(await run(listCommand))
    .toBe(`ledger 1.0.0                 ledger                       plugins/ledger-1.0.0
loyalty 1.0.0                loyalty                      plugins/loyalty-1.0.0
0`)
  expect(await run(outdatedCommand)).toBe(`plugin    now     fits    newest
ledger    1.0.0   1.2.0   2.0.0    loyalty 1.0.0 needs ^1.0.0
loyalty   1.0.0   1.1.0   1.1.0
0`)
  expect(await run(updateCommand, ['ledger'])).toBe(`ledger 1.0.0 → 1.2.0
  from plugins/ledger-1.0.0 → plugins/ledger-1.2.0
0`)
  expect(await run(updateCommand, [], { dryRun: true })).toBe(`loyalty 1.0.0 → 1.1.0
  from plugins/loyalty-1.0.0 → plugins/loyalty-1.1.0
  licence MIT → GPL-3.0
  + permission loyalty.manage
  + can reach: image points:1@sha256:${'0'.repeat(64)}
  + can reach: network
  + can reach: service points
  + migration loyalty/0001_points
0`)
})

test('what begins to reach further needs a yes', async () => {
  await run(lockCommand)
  const before = readFileSync('selection.lock', 'utf8')
  release()
  expect(await run(updateCommand, ['loyalty'], { quiet: true })).toBe(`loyalty 1.0.0 → 1.1.0
  from plugins/loyalty-1.0.0 → plugins/loyalty-1.1.0
  licence MIT → GPL-3.0
  + permission loyalty.manage
  + can reach: image points:1@sha256:${'0'.repeat(64)}
  + can reach: network
  + can reach: service points
  + migration loyalty/0001_points

✗ loyalty begins to reach further than it did.

    loyalty 1.1.0   image points:1@sha256:${'0'.repeat(64)}
    loyalty 1.1.0   network
    loyalty 1.1.0   service points

  selection.lock is as it was.

  Fix: Look at the change of the plugin. If it may do this:
         compose update loyalty --yes

  More: compose explain update/new-capability

1 problem.
1`)
  expect(readFileSync('selection.lock', 'utf8')).toBe(before)
  await run(updateCommand, ['loyalty'], { yes: true })
  expect(await run(updateCommand, ['loyalty'])).toBe(
    'Everything is as new as the selection lets it be.\n0',
  )
})

const moved = (name: string, from: string, to: string) => ({
  ...asItWas,
  name,
  from,
  to,
  source: { from: `plugins/${name}-${from}`, to: `plugins/${name}-${to}` },
  license: null,
})
const loyalty = {
  ...moved('loyalty', '1.0.0', '1.1.0'),
  license: { from: 'MIT', to: 'GPL-3.0' },
  permissions: { added: ['loyalty.manage'], removed: [] },
  capabilities: {
    added: [`image points:1@sha256:${'0'.repeat(64)}`, 'network', 'service points'],
    removed: [],
  },
  migrations: [{ id: 'loyalty/0001_points', tag: 'expand' }],
}

test('--json says what changes, who begins to reach further, and whether it was written', async () => {
  const begun = (name: string) => ({
    ...asItWas,
    name,
    from: null,
    to: '1.0.0',
    source: { from: null, to: `plugins/${name}-1.0.0` },
    license: { from: null, to: 'MIT' },
  })
  expect(await asJson(updateCommand, [], { dryRun: true })).toEqual({
    exit: 0,
    value: {
      lock: 'selection.lock',
      isFirst: true,
      changes: [begun('ledger'), begun('loyalty')],
      reachFurther: [],
      state: 'looked-at',
    },
    told: '',
  })
  expect(existsSync('selection.lock')).toBe(false)
  await run(lockCommand)
  release()
  const update = {
    lock: 'selection.lock',
    isFirst: false,
    changes: [moved('ledger', '1.0.0', '1.2.0'), loyalty],
    reachFurther: ['loyalty'],
  }
  expect(await asJson(updateCommand, [], { dryRun: true })).toEqual({
    exit: 0,
    value: { ...update, state: 'looked-at' },
    told: '',
  })
  expect(await asJson(updateCommand, ['loyalty'])).toEqual({
    exit: 1,
    value: {
      ...update,
      changes: [loyalty],
      state: 'waits-for-yes',
      problems: [
        {
          code: 'update/new-capability',
          says: 'loyalty begins to reach further than it did.',
          facts: loyalty.capabilities.added.map((each) => ['loyalty 1.1.0', each]),
          kept: 'selection.lock is as it was.',
          fix: [
            'Look at the change of the plugin. If it may do this:',
            '  compose update loyalty --yes',
          ],
        },
      ],
    },
    told: '',
  })
  expect(await asJson(updateCommand, [], { yes: true })).toEqual({
    exit: 0,
    value: { ...update, state: 'written' },
    told: '',
  })
  expect(await asJson(updateCommand)).toEqual({
    exit: 0,
    value: { ...update, changes: [], reachFurther: [], state: 'written' },
    told: '',
  })
})

test('--json tells a name that is not there as every refusal', async () => {
  expect(await asJson(updateCommand, ['loyalti'])).toEqual({
    exit: 1,
    value: {
      problems: [
        {
          code: 'update/not-used',
          says: 'The distribution of selection.yaml has no plugin named loyalti.',
          kept: 'The lock is as it was.',
          fix: ['Write   compose update loyalty'],
        },
      ],
    },
    told: '',
  })
})

test('a name that is not there is refused with the nearest one', async () => {
  await run(lockCommand)
  expect(await run(updateCommand, ['loyalti'])).toBe(`
✗ The distribution of selection.yaml has no plugin named loyalti.

  The lock is as it was.

  Fix: Write   compose update loyalty

  More: compose explain update/not-used

1 problem.
1`)
})

test('who brings whom, as a tree and as chains', async () => {
  plugin('shelf', '1.0.0', 'plugins: { ledger: ^1.0.0, loyalty: ^1.0.0 }')
  write(
    'selection.yaml',
    'distribution: shop\ncore: ^1.0.0\nplugins:\n  ledger: ^1.0.0\n  shelf: ^1.0.0\ndeployment: { images: tags }\n',
  )
  expect(await run(listCommand, [], { tree: true })).toBe(`shop
└─ shelf 1.0.0
   ├─ ledger 1.0.0   needed as ^1.0.0
   └─ loyalty 1.0.0   needed as ^1.0.0
      └─ ledger 1.0.0   needed as ^1.0.0
0`)
  expect(await run(whyCommand, ['ledger'])).toBe(`ledger 1.0.0, from plugins/ledger-1.0.0
  selection.yaml:4   ledger: ^1.0.0
  selection.yaml:5   shelf: ^1.0.0
    shelf 1.0.0 needs loyalty ^1.0.0
      loyalty 1.0.0 needs ledger ^1.0.0
  selection.yaml:5   shelf: ^1.0.0
    shelf 1.0.0 needs ledger ^1.0.0
0`)
})

test('why --json gives each chain of requirements, from the selection to the plugin', async () => {
  plugin('books', '2.0.0', '', '  {}\nprovides: [ledger-books]\n')
  plugin('shelf', '1.0.0', 'plugins: { loyalty: ^1.0.0, ledger-books: "*" }')
  write(
    'selection.yaml',
    'distribution: shop\ncore: ^1.0.0\nplugins:\n  books: ^2.0.0\n  loyalty: 1.x\n  shelf: { path: ./plugins/shelf-1.0.0 }\ndeployment: { images: tags }\n',
  )
  const ofShelf = {
    name: 'shelf',
    version: '1.0.0',
    range: '*',
    from: { file: 'selection.yaml', line: 6, text: 'shelf: { path: ./plugins/shelf-1.0.0 }' },
  }
  const ofLoyalty = {
    name: 'loyalty',
    version: '1.0.0',
    range: '1.x',
    from: { file: 'selection.yaml', line: 5, text: 'loyalty: 1.x' },
  }
  const byLoyalty = {
    name: 'ledger',
    version: '1.0.0',
    range: '^1.0.0',
    from: { name: 'loyalty', version: '1.0.0' },
  }
  expect(await asJson(whyCommand, ['ledger'])).toEqual({
    exit: 0,
    value: {
      name: 'ledger',
      version: '1.0.0',
      source: 'plugins/ledger-1.0.0',
      chains: [
        [ofLoyalty, byLoyalty],
        [
          ofShelf,
          {
            name: 'loyalty',
            version: '1.0.0',
            range: '^1.0.0',
            from: { name: 'shelf', version: '1.0.0' },
          },
          byLoyalty,
        ],
      ],
    },
    told: '',
  })
  expect(await asJson(whyCommand, ['books'])).toEqual({
    exit: 0,
    value: {
      name: 'books',
      version: '2.0.0',
      source: 'plugins/books-2.0.0',
      chains: [
        [
          {
            name: 'books',
            version: '2.0.0',
            range: '^2.0.0',
            from: { file: 'selection.yaml', line: 4, text: 'books: ^2.0.0' },
          },
        ],
        [
          ofShelf,
          {
            name: 'books',
            version: '2.0.0',
            range: '*',
            as: 'ledger-books',
            from: { name: 'shelf', version: '1.0.0' },
          },
        ],
      ],
    },
    told: '',
  })
})

test('a lock that must stay is held against the selection before anything is looked up', async () => {
  await run(lockCommand)
  write(
    'selection.yaml',
    'distribution: shop\ncore: ^1.0.0\nplugins:\n  loyalty: ^1.1.0\ndeployment: { images: tags }\n',
  )
  expect(await run(lockCommand, [], { frozen: true })).toBe(`
✗ selection.lock does not say what this build would use.

    selection.lock   loyalty: ^1.0.0 → ^1.1.0

  selection.lock is unchanged, and nothing was built.

  Fix: Build without --frozen, look at the change of the lock, and commit it:
         compose build selection.yaml

  More: compose explain lock/frozen

1 problem.
1`)
  expect(existsSync('dist')).toBe(false)
})

test('every line of lock --json is JSON, and the last one names the file', async () => {
  const lines = (await run(lockCommand, [], { json: true })).split('\n')
  expect(lines.pop()).toBe('0')
  expect(lines.map((line): unknown => JSON.parse(line)).at(-1)).toEqual({ lock: 'selection.lock' })
})

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { lockedCommits, lockedVersions, refuseStale } from '../lock/index.ts'
import { readSelection } from '../selection/index.ts'
import { releaseOf } from './manifest-text.ts'

const root = join(import.meta.dirname, '../../..')
const start = seed()
const world = mkdtempSync(join(tmpdir(), 'compose-fuzz-'))
afterAll(() => rmSync(world, { recursive: true, force: true }))

const manifests = ['ratings', 'batch-import', 'status-page'].map((name) =>
  readFileSync(join(root, 'plugins', name, 'plugin.yaml'), 'utf8'),
)
const selections = [
  readFileSync(join(root, 'dist-templates/selections/standard.yaml'), 'utf8'),
  "distribution: x\ncore: ^1.0.0\nnotAfter: 2026-01-01\nprerelease: { a: allow }\noverrides: { b: 2.0.0 }\nsources: [{ npm: true }, { catalogue: 'https://a.b' }]\nplugins:\n  a: { git: 'https://a.b/c', revision: v1, folder: x }\n  b: { npm: '@a/b' }\n",
]
const locks = ['lock-migration-changed', 'lock-archive-other-bytes'].map((name) =>
  readFileSync(join(root, 'test/samples', name, 'selection.lock'), 'utf8'),
)
/** What makes trouble where a parser is not strict. */
const odd = [
  '',
  ' ',
  '\n',
  '\t',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '*a',
  '&a ',
  '<<: ',
  '!!js/function ',
  '!!binary ',
  '__proto__: ',
  '"__proto__": {}, ',
  'constructor: ',
  '\u0000',
  '\u202e',
  '\ud800',
  '\ufeff',
  '---\n',
  '...\n',
  '%YAML 9\n',
  '1e999',
  '0x',
  '~',
  'null',
  '../../x',
  '^1 ||',
  '9'.repeat(30),
  'a'.repeat(500),
]

function mutated(text: string, random: () => number): string {
  let now = text
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const [from, to] = [random(), random()].map((at) => Math.floor(at * now.length)) as [
      number,
      number,
    ] // two of two
    const piece = odd[Math.floor(random() * odd.length)] ?? ''
    now =
      random() < 0.4
        ? now.slice(0, from) + piece + now.slice(from)
        : random() < 0.6
          ? now.slice(0, from) +
            piece +
            now.slice(Math.min(now.length, from + Math.floor(random() * 12)))
          : now.slice(0, from) + now.slice(Math.min(from, to), Math.max(from, to)) + now.slice(from)
  }
  return now.slice(0, 20_000)
}

/** Whatever is read gives a value or problems with words; anything else that is thrown is a bug of ours. */
async function isHeld(read: () => unknown): Promise<boolean> {
  try {
    await read()
    return false
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    expect(error.problems.map(problemText).every((text) => text.startsWith('✗ '))).toBe(true)
    return true
  }
}

/** In the long run 100,000 texts, most of them of the kind that is read soonest. */
const times = {
  manifests: count(200, 15_000),
  selections: count(200, 20_000),
  locks: count(200, 65_000),
}
const one = <T>(list: readonly T[], random: () => number) =>
  list[Math.floor(random() * list.length)] as T // never empty

test(`manifests (seed ${start})`, async () => {
  const random = randomFrom(start)
  let refused = 0
  for (let at = 0; at < times.manifests; at++) {
    const text = mutated(one(manifests, random), random)
    await isHeld(() => {
      const read = releaseOf(text, 'x', 'plugins/x', { folder: world, origin: world })
      if (!('manifest' in read)) {
        refused++
        expect(read.problems.length).toBeGreaterThan(0)
      }
    })
  }
  expect(refused).toBeGreaterThan(times.manifests / 10)
})

test(`selections (seed ${start})`, async () => {
  const random = randomFrom(start + 1)
  let refused = 0
  const file = join(world, 'selection.yaml')
  for (let at = 0; at < times.selections; at++) {
    writeFileSync(file, mutated(one(selections, random), random))
    if (await isHeld(() => readSelection(file))) refused++
  }
  expect(refused).toBeGreaterThan(times.selections / 10)
})

test(`locks (seed ${start})`, async () => {
  const random = randomFrom(start + 2)
  const file = join(world, 'selection.yaml')
  writeFileSync(file, selections[1] ?? '')
  const selection = await readSelection(file)
  let refused = 0
  for (let at = 0; at < times.locks; at++) {
    writeFileSync(join(world, 'selection.lock'), mutated(one(locks, random), random))
    const isRefused = await isHeld(() => {
      lockedVersions(selection)
      lockedCommits(selection)
      refuseStale(selection)
    })
    if (isRefused) refused++
  }
  expect(refused).toBeGreaterThan(times.locks / 10)
})

test('nothing was written but what the tests wrote', () => {
  expect(readdirSync(world).toSorted()).toEqual(['selection.lock', 'selection.yaml'])
  expect(existsSync(join(world, '../x'))).toBe(false)
})

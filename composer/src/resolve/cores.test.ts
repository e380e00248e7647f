import { expect, test } from 'vitest'
import { Refused } from '@bitcartcc/sdk/problem'
import { resolve, type ResolveOptions } from './index.ts'
import { releasesOf, selectionOf, type Asks, type Shop } from './test-support.ts'

const cores = ['1.1.0', '1.0.0', '2.0.0', '1.2.0', '1.3.0-rc.1']

/** What is chosen, with what an operator is told of it; or the refusal in full. */
const chosen = (
  shop: Shop,
  asks: Readonly<Record<string, string>>,
  options: ResolveOptions & Asks = {},
): readonly string[] => {
  const catalog = { core: { version: '1.0.0', all: cores }, releases: releasesOf(shop) }
  try {
    const found = resolve(selectionOf(asks, { core: '^1.0.0', ...options }), catalog, options)
    const versions = found.plugins.map(({ release }) => `${release.name} ${release.version}`)
    return [[`core ${found.core}`, ...versions].join(', '), ...found.notices]
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return error.problems.flatMap(({ says, because = [], facts = [], fix }) => [
      says,
      ...because,
      ...facts.map((row) => row.join('   ')),
      ...fix,
    ])
  }
}

const tips: Shop = { tips: { '1.0.0': { core: '~1.1.0' } } }
const search: Shop = { search: { '1.0.0': { core: '^1.0.0' }, '2.0.0': { core: '>=1.2.0 <2' } } }

test('core is chosen with the plugins: the newest on which they fit, and what held it back is said', () => {
  expect([
    chosen({}, {}),
    chosen(tips, { tips: '*' }),
    chosen(search, { search: '*' }),
    chosen({ ...tips, ...search }, { tips: '*', search: '*' }),
  ]).toEqual([
    ['core 1.2.0'],
    [
      'core 1.1.0, tips 1.0.0',
      'core 1.1.0, for tips 1.0.0 needs core ~1.1.0, and core 1.2.0 is there',
    ],
    ['core 1.2.0, search 2.0.0'],
    [
      'core 1.1.0, search 1.0.0, tips 1.0.0',
      'core 1.1.0, for tips 1.0.0 needs core ~1.1.0, and core 1.2.0 is there',
      'search 1.0.0, for search 2.0.0 needs core >=1.2.0 <2',
    ],
  ])
})

test('the core that is locked is kept while a choice fits on it, and moves by itself where none does', () => {
  const locked = { lockedCore: '1.0.0' }
  expect([
    chosen({}, {}, locked),
    chosen(search, { search: '*' }, locked),
    chosen(search, { search: '^2.0.0' }, locked),
    chosen({}, {}, { ...locked, core: '^1.1.0' }),
    chosen({}, {}, { lockedCore: '9.0.0' }),
  ]).toEqual([
    ['core 1.0.0'],
    ['core 1.0.0, search 1.0.0', 'search 1.0.0, for search 2.0.0 needs core >=1.2.0 <2'],
    ['core 1.2.0, search 2.0.0'],
    ['core 1.2.0'],
    ['core 1.2.0'],
  ])
})

test('a prerelease of core is chosen where the selection names one, and never else', () => {
  expect([chosen({}, {}, { core: '^1.3.0-rc.0' }), chosen({}, {}, { core: '*' })]).toEqual([
    ['core 1.3.0-rc.1'],
    ['core 2.0.0'],
  ])
})

test('where no core fits, each who asks is named, and what would fit', () => {
  const far: Shop = { far: { '1.0.0': { core: '^2.0.0' } } }
  const old: Shop = { old: { '1.0.0': { core: '1.0.0' } } }
  expect({
    'the selection': chosen({}, {}, { core: '^3.0.0' }),
    'a plugin and the selection': chosen(far, { far: '*' }),
    'two plugins': chosen({ ...old, ...tips }, { old: '*', tips: '*' }),
    'only one core that the selection lets be': chosen(far, { far: '*' }, { core: '~1.2.0' }),
    'no core at all': chosen({ far: { '1.0.0': { core: '^9.0.0' } } }, { far: '*' }),
  }).toMatchInlineSnapshot(`
    {
      "a plugin and the selection": [
        "No set of versions fits this selection.",
        "Because far 1.0.0 needs core ^2.0.0 and your selection needs core ^1.0.0, no version of far can be chosen.",
        "So, because your selection needs far, no versions fit.",
        "selection.yaml:4   far: *",
        "far 1.0.0 plugin.yaml:1   requires.bitcartcc",
        "selection.yaml:2   core: ^1.0.0",
        "Take far out, in selection.yaml:4.",
        "or move the whole distribution, in selection.yaml:2, to   core: ^2.0.0",
      ],
      "no core at all": [
        "No set of versions fits this selection.",
        "Because your selection needs far, which needs core ^9.0.0, and there is core 2.0.0, 1.3.0-rc.1, 1.2.0, 1.1.0 and 1.0.0, no versions fit.",
        "selection.yaml:4   far: *",
        "far 1.0.0 plugin.yaml:1   requires.bitcartcc",
        "Take far out, in selection.yaml:4.",
      ],
      "only one core that the selection lets be": [
        "far 1.0.0 needs core ^2.0.0, and this distribution is built on core 1.2.0.",
        "selection.yaml:2   core: ~1.2.0",
        "selection.yaml:4   far: *",
        "far 1.0.0 plugin.yaml:1   requires.bitcartcc",
        "Move the whole distribution, in selection.yaml:2, to   core: ^2.0.0",
      ],
      "the selection": [
        "The selection asks for core ^3.0.0, and this composer brings core 1.0.0.",
        "From the registry it can build on core 1.1.0, 1.2.0, 1.3.0-rc.1 and 2.0.0 as well.",
        "selection.yaml:2   core: ^3.0.0",
        "In selection.yaml:2 write   core: ^1.0.0",
        "or build with the composer of that core.",
      ],
      "two plugins": [
        "No set of versions fits this selection.",
        "Because tips 1.0.0 needs core ~1.1.0 and old 1.0.0 needs core 1.0.0, tips is incompatible with old.",
        "So, because your selection needs both old and tips, no versions fit.",
        "selection.yaml:4   old: *",
        "selection.yaml:5   tips: *",
        "tips 1.0.0 plugin.yaml:1   requires.bitcartcc",
        "old 1.0.0 plugin.yaml:1   requires.bitcartcc",
        "Take old out, in selection.yaml:4.",
        "or take tips out, in selection.yaml:5.",
      ],
    }
  `)
})
